// Table ids: who issues words with which id. Ids of unloaded modules come back last of all, oldest first, and
// above the highest generation that they ever issued, so that no word is ever issued twice.
#include "lock.hpp"
#include "services.hpp"

namespace tally::core {
namespace {

constexpr std::uint32_t kGenerations = 1u << TALLY_GENERATION_BITS;

constinit Lock& lock = locks.directory;
constinit tally_table tables[TALLY_TABLE_COUNT] = {};  // id 0 is nobody's: the null word has it
constinit std::uint32_t next_fresh = 1;

// Freed ids, first in first out, linked through `next`; 0 ends the list.
constinit std::uint32_t next[TALLY_TABLE_COUNT] = {};
constinit std::uint32_t oldest_freed = 0;
constinit std::uint32_t newest_freed = 0;

std::uint32_t take_id() {
  if (next_fresh < TALLY_TABLE_COUNT) return next_fresh++;
  const std::uint32_t id = oldest_freed;
  if (!id) return 0;
  oldest_freed = next[id];
  if (!oldest_freed) newest_freed = 0;
  return id;
}

}  // namespace

const tally_table* directory() {
  return tables;
}

std::uint32_t table_add(tally_provider* provider, std::uint32_t class_index, std::uint32_t kind,
                        std::uint32_t* floor) {
  const Locked locked(lock);
  const std::uint32_t id = take_id();
  if (!id) return 0;
  tally_table& table = tables[id];
  if (table.floor == 0) table.floor = 1;
  *floor = table.floor;
  table.class_index = class_index;
  table.kind = kind;
  __atomic_store_n(&table.provider, provider, __ATOMIC_RELEASE);
  return id;
}

void table_remove(std::uint32_t id, std::uint32_t floor) {
  const Locked locked(lock);
  tally_table& table = tables[id];
  __atomic_store_n(&table.provider, nullptr, __ATOMIC_RELEASE);
  table.floor = floor;
  if (floor >= kGenerations) return;  // used up for good
  next[id] = 0;
  if (newest_freed) next[newest_freed] = id;
  newest_freed = id;
  if (!oldest_freed) oldest_freed = id;
}

}  // namespace tally::core
