// Thread identities and lanes: the only thread-local storage of Tallystick. Modules reach a thread's record
// by an offset from the thread pointer that never changes, so that they need no thread-local storage of their
// own.
#include <limits.h>
#include <pthread.h>
#include <sched.h>

#include <cstdlib>
#include <cstring>

#include "array.hpp"
#include "lock.hpp"
#include "services.hpp"
#include "thread_record.hpp"

namespace tally::core {
namespace {

struct Lane {
  tally_provider* provider;  // null: the ordinal is free
  std::uint32_t class_index;
  std::uint32_t ending;  // threads that end, and are telling the provider
};

__attribute__((tls_model("initial-exec"))) thread_local Record current;

constinit Lock& lock = locks.threads;
constinit Array<Record*>& records = attached_threads;
constinit Array<Lane> lanes;
constinit std::uint64_t last_identity = 0;
constinit Record* room_for_records = nullptr;  // of a child, from before a fork on
pthread_key_t at_exit;

// The last error of a thread for which there is no memory.
constinit tally_error unwritable = {TALLY_OUT_OF_MEMORY,
                                    "out of memory: not even the text of the error could be kept"};

// Nobody would tell of its end any more.
bool is_over(const Record& record) {
  return record.rounds >= PTHREAD_DESTRUCTOR_ITERATIONS;
}

void forget(Record* record) {
  const Locked locked(lock);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i] == record) {
      records.remove(i);
      break;
    }
  }
}

// Providers are called without the lock: they may call back.
void leave_lanes(Record* record) {
  for (std::uint32_t ordinal = 0; ordinal < record->shared.lane_count; ++ordinal) {
    Lane lane{};
    void* part = nullptr;
    {
      const Locked locked(lock);
      part = record->shared.lanes[ordinal];
      if (!part) continue;
      lane = lanes[ordinal];
      ++lanes[ordinal].ending;
      record->leaving = ordinal + 1;
    }
    lane.provider->thread_ended(lane.provider, lane.class_index, part);
    const Locked locked(lock);
    record->leaving = 0;
    --lanes[ordinal].ending;
  }
}

void end_attached(Record* record) {
  record->shared.ends_as = record->shared.identity;  // what waits for this thread has to end now
  leave_lanes(record);
  forget(record);
  std::free(record->shared.lanes);
  std::free(record->error);
  *record = Record{.shared = {}, .error = nullptr, .leaving = 0, .rounds = record->rounds};
}

// Runs on a thread that ends, in each of the rounds that pthreads goes, so that it knows the last one: what
// other destructors attach before it is forgotten in the next round, and after it they can't. The thread
// sanitizer knows nothing of the thread any more in the last.
[[gnu::no_sanitize_thread]] void end_thread(void* value) {
  Record* const record = static_cast<Record*>(value);
  if (record->shared.identity != 0) end_attached(record);
  if (++record->rounds < PTHREAD_DESTRUCTOR_ITERATIONS) pthread_setspecific(at_exit, record);
}

}  // namespace

constinit Array<Record*> attached_threads;

// With the lock, until one of the two below. Allocators that don't care for forks may have a lock taken for
// good in the child.
void make_room_for_records() {
  room_for_records = static_cast<Record*>(std::malloc(records.size() * sizeof(Record)));
}

void give_up_room_for_records() {
  std::free(room_for_records);
}

// In a forked child, with the lock. The memory of threads that it does not have is used again for those that
// it starts.
void keep_records_of_others() {
  for (std::size_t i = records.size(); i-- > 0;) {
    if (records[i] == &current) continue;
    if (room_for_records) {
      room_for_records[i] = *records[i];
      records[i] = &room_for_records[i];
    } else {
      records.remove(i);
    }
  }
  for (Lane& lane : lanes) lane.ending = 0;
  if (current.leaving != 0) lanes[current.leaving - 1].ending = 1;
}

bool start_threads() {
  return pthread_key_create(&at_exit, end_thread) == 0;
}

std::ptrdiff_t thread_offset() {
  return reinterpret_cast<char*>(&current) - static_cast<char*>(__builtin_thread_pointer());
}

tally_thread& this_thread() {
  return current.shared;
}

tally_thread* thread_attach() {
  if (current.shared.identity) return &current.shared;
  if (is_over(current)) return nullptr;
  const Locked locked(lock);
  if (pthread_setspecific(at_exit, &current) != 0 || !records.push(&current)) return nullptr;
  current.shared.identity = current.shared.ends_as = ++last_identity;
  current.shared.room = room();
  return &current.shared;
}

int thread_is_alive(std::uint64_t identity) {
  const Locked locked(lock);
  for (const Record* record : records) {
    if (record->shared.identity == identity) return 1;
  }
  return 0;
}

tally_status lane_reserve(std::uint32_t ordinal) {
  tally_thread& thread = current.shared;
  if (ordinal < thread.lane_count) return TALLY_OK;
  std::uint32_t count = thread.lane_count ? thread.lane_count : 8;
  while (count <= ordinal) count *= 2;
  const Locked locked(lock);
  void* const grown = std::realloc(thread.lanes, count * sizeof(void*));
  if (!grown) return TALLY_OUT_OF_MEMORY;
  thread.lanes = static_cast<void**>(grown);
  std::memset(thread.lanes + thread.lane_count, 0, (count - thread.lane_count) * sizeof(void*));
  thread.lane_count = count;
  return TALLY_OK;
}

tally_status lane_add(tally_provider* provider, std::uint32_t class_index, std::uint32_t* ordinal) {
  const Locked locked(lock);
  const Lane lane{provider, class_index, 0};
  for (std::uint32_t free = 0; free < lanes.size(); ++free) {
    if (!lanes[free].provider) {
      lanes[free] = lane;
      *ordinal = free;
      return TALLY_OK;
    }
  }
  if (!lanes.push(lane)) return TALLY_OUT_OF_MEMORY;
  *ordinal = static_cast<std::uint32_t>(lanes.size() - 1);
  return TALLY_OK;
}

// The provider is about to go: no thread that ends may be inside it then.
void lane_remove(std::uint32_t ordinal) {
  for (bool is_first = true;; is_first = false) {
    {
      const Locked locked(lock);
      for (Record* record : records) {
        if (is_first && ordinal < record->shared.lane_count) record->shared.lanes[ordinal] = nullptr;
      }
      if (lanes[ordinal].ending == 0) {
        lanes[ordinal] = Lane{};
        return;
      }
    }
    sched_yield();
  }
}

tally_error* last_error() {
  if (current.error) return current.error;
  if (!thread_attach()) return &unwritable;
  current.error = static_cast<tally_error*>(std::calloc(1, sizeof(tally_error)));
  return current.error ? current.error : &unwritable;
}

tally_error* new_error() {
  ++current.shared.failures;
  return last_error();
}

}  // namespace tally::core
