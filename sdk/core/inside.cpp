// Which objects threads are inside of. Callers note it without a fence; whoever asks makes the fence for all
// of them, with membarrier.
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "services.hpp"
#include "thread_record.hpp"

namespace tally::core {
namespace {

constinit bool has_membarrier = false;
constinit bool is_exact = false;

bool membarrier(int command) {
  return syscall(SYS_membarrier, command, 0, 0) == 0;
}

bool is_set_to(const char* variable, const char* value) {
  const char* const setting = std::getenv(variable);
  return setting && std::strcmp(setting, value) == 0;
}

// Every thread of the process passes a full fence before it returns. A forked child may have to register
// anew.
void fence_all_threads() {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);  // without membarrier callers make their own, too
  if (!has_membarrier || membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) return;
  if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)) membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
}

bool has_noted(const tally_thread& thread, const void* object) {
  const std::uint32_t depth = __atomic_load_n(&thread.depth, __ATOMIC_ACQUIRE);
  for (std::uint32_t i = 0; i < depth; ++i) {
    if (__atomic_load_n(&thread.inside[i], __ATOMIC_ACQUIRE) == object) return true;
  }
  return false;
}

}  // namespace

void start_inside() {
  has_membarrier =
      !is_set_to("TALLY_MEMBARRIER", "0") && membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  is_exact = is_set_to("TALLY_CHECK", "exact");
}

std::uint32_t room() {
  return has_membarrier ? TALLY_INSIDE_ROOM : 0;
}

int is_inside(const void* object) {
  fence_all_threads();
  const Locked locked(locks.threads);
  for (const Record* record : attached_threads) {
    if (has_noted(record->shared, object)) return 1;
  }
  return 0;
}

int thread_is_inside(std::uint64_t identity, const void* object) {
  if (is_exact) fence_all_threads();
  const Locked locked(locks.threads);
  for (const Record* record : attached_threads) {
    if (record->shared.identity == identity) return has_noted(record->shared, object) ? 1 : 0;
  }
  return 0;
}

}  // namespace tally::core
