// This shared library as a module: the entry that hosts negotiate with, and the end.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <mutex>

#include "tally/module.h"
#include "tally/runtime/call.hpp"
#include "tally/runtime/callback.hpp"
#include "tally/runtime/interface.hpp"
#include "text.hpp"

namespace tally::runtime {
namespace {

// Everything that this library exports, and how often hosts have opened it.
struct Module {
  Interface* first = nullptr;
  std::mutex lock;
  std::uint32_t openings = 0;
  char interfaces[256] = "";
};

constinit Module module;

void list_interfaces() {
  std::size_t size = 0;
  for (const Interface* each = module.first; each && size < sizeof module.interfaces; each = each->next) {
    const int length = std::snprintf(module.interfaces + size, sizeof module.interfaces - size, "%s%s %u.%u",
                                     size ? ", " : "", each->name(), each->major(), each->minor());
    size += static_cast<std::size_t>(length);
  }
}

tally_status start_all() {
  for (Interface* each = module.first; each; each = each->next) {
    const tally_status status = each->start();
    if (status < 0) return status;
  }
  return TALLY_OK;
}

// No interface's lock is ever taken under another's.
void take_all_locks() {
  module.lock.lock();
  for (Interface* each = module.first; each; each = each->next) each->lock_all();
}

void let_go_of_all_locks() {
  for (Interface* each = module.first; each; each = each->next) each->unlock_all();
  module.lock.unlock();
}

constinit tally_fork_locks all_locks = {nullptr, take_all_locks, let_go_of_all_locks};

// Forked children find none of the module's locks taken. Without libtally no interface starts.
void survive_forks() {
  if (const tally_core* const core = libtally()) core->fork_add(&all_locks);
}

void stop_all() {
  for (Interface* each = module.first; each; each = each->next) each->stop();
}

tally_site first_site(tally_provider& provider, std::uint32_t class_index) {
  tally_site site = 0;
  provider.live(
      &provider, class_index,
      [](const tally_entry* entry, void* user) {
        *static_cast<tally_site*>(user) = entry->created;
        return 1;
      },
      &site);
  return site;
}

// "2 codec.encoder (the first created at host+0x12f4), 1 blob (...)"
void name_living(Interface& interface, Text& text, bool& is_first) {
  for (std::uint32_t i = 0; i < interface.table_count(); ++i) {
    tally_provider& provider = *interface.provider();
    tally_balance balance;
    provider.balance(&provider, i, &balance);
    const unsigned long long held = balance.live + balance.deferred;
    if (held == 0) continue;
    text.add("%s%llu %s", is_first ? "still live: " : ", ", held, balance.class_name);
    text.add_site(*interface.core(), " (the first created at ", first_site(provider, i));
    if (balance.deferred != 0) {
      text.add("; destroyed, but waiting for their thread, for calls or for children: %llu",
               static_cast<unsigned long long>(balance.deferred));
    }
    text.add(")");
    is_first = false;
  }
}

tally_status refuse_to_close(const Interface& first, tally_error* out) {
  tally_error* const error = first.core()->new_error();
  error->status = TALLY_HAS_CHILDREN;
  Text text(*error);
  text.add("unload of module %s: has children: ", first.module());
  bool is_first = true;
  for (Interface* each = module.first; each; each = each->next) name_living(*each, text, is_first);
  if (!is_first) text.add("; give them back first");
  if (const std::uint32_t count = calls_out.load(std::memory_order_relaxed)) {
    const bool is_one = count == 1;
    text.add("%sstill inside: %u call%s that called back; let %s return first", is_first ? "" : "; ", count,
             is_one ? "" : "s", is_one ? "it" : "them");
  }
  text.add(", the module stays loaded");
  if (out) *out = *error;
  return TALLY_HAS_CHILDREN;
}

// False if another opening keeps the module.
bool is_last_opening() {
  if (module.openings <= 1) return true;
  --module.openings;
  return false;
}

tally_status close(tally_error* error) {
  {
    const std::lock_guard locked(module.lock);
    if (!is_last_opening()) return TALLY_OK;
  }
  // Author's code, which may fork.
  for (Interface* each = module.first; each; each = each->next) each->collect();
  const std::lock_guard locked(module.lock);
  if (!is_last_opening()) return TALLY_OK;
  // What waits for another thread holds the module up: that thread may be inside the object's last call.
  std::uint64_t held = calls_out.load(std::memory_order_relaxed);
  for (const Interface* each = module.first; each; each = each->next) held += each->live();
  if (held != 0 && module.first) return refuse_to_close(*module.first, error);
  stop_all();
  module_memory.reset();
  module.openings = 0;
  return TALLY_OK;
}

tally_status open(const Interface* interface, const tally_module_options* options,
                  tally_module_answer* answer) {
  const std::lock_guard locked(module.lock);
  const tally_status status = start_all();
  if (status < 0) return status;
  if (options && !module_memory.use(*options, live_in_module() != 0)) return TALLY_INVALID_ARGUMENT;
  ++module.openings;
  answer->interface = interface ? &interface->description() : nullptr;
  answer->close = close;
  return TALLY_OK;
}

// Unmapped by somebody who did not close: libtally must not call here any more. When the process ends, on the
// other hand, the ledger is wanted for the report.
[[gnu::destructor]] void end() {
  const tally_core* const core = module.first ? libtally() : nullptr;
  if (!core) return;
  core->fork_remove(&all_locks);
  if (!core->exiting()) stop_all();
}

// A host of an older minor has no options to offer.
const tally_module_options* options_of(const tally_module_offer& offer) {
  return offer.size >= sizeof offer ? offer.options : nullptr;
}

tally_status negotiate(const tally_module_offer& offer, tally_module_answer& answer) {
  answer.abi_major = TALLY_ABI_MAJOR;
  answer.abi_minor = TALLY_ABI_MINOR;
  if (module.first) answer.name = module.first->module();
  answer.interfaces = module.interfaces;
  if (offer.abi_major != TALLY_ABI_MAJOR) return TALLY_VERSION_MISMATCH;
  if (!offer.interface) return open(nullptr, options_of(offer), &answer);
  const Interface* const interface = interface_of_module(offer.interface);
  if (!interface) return TALLY_NOT_SUPPORTED;
  answer.interface_major = interface->major();
  answer.interface_minor = interface->minor();
  if (offer.interface_major != interface->major()) return TALLY_VERSION_MISMATCH;
  return open(interface, options_of(offer), &answer);
}

}  // namespace

std::uint64_t live_in_module() noexcept {
  std::uint64_t count = 0;
  for (const Interface* each = module.first; each; each = each->next) count += each->live();
  return count;
}

Interface* interface_of_module(const char* name) noexcept {
  for (Interface* each = module.first; each; each = each->next) {
    if (std::strcmp(each->name(), name) == 0) return each;
  }
  return nullptr;
}

Export::Export(Interface& interface) noexcept {
  if (!module.first) survive_forks();
  interface.next = module.first;
  module.first = &interface;
  list_interfaces();
}

}  // namespace tally::runtime

// Only what the caller has room for is written: a caller of an older minor knows fewer members.
extern "C" TALLY_EXPORT tally_status TALLY_CALL TALLY_MODULE_ENTRY(const tally_module_offer* offer,
                                                                   tally_module_answer* answer) {
  tally_module_answer whole{};
  const tally_status status = tally::runtime::negotiate(*offer, whole);
  whole.size = answer->size;
  std::memcpy(answer, &whole, std::min<std::size_t>(answer->size, sizeof whole));
  return status;
}
