// What a report says: the balance of each class, what is live by class and site, and the misuses so far.
// Copied out of the modules, which may go while it is written.
#pragma once

#include <cstdint>

#include "array.hpp"
#include "index.hpp"
#include "tally/core.h"

namespace tally::core {

/// What is live of one class, made at one site.
struct Group {
  const char* module;
  const char* class_name;
  tally_site created;
  std::uint32_t deferred;  ///< 1: all of them are
  std::uint64_t count;
};

class Summary {
 public:
  /// Looks at the ledger.
  Summary();
  ~Summary();
  Summary(const Summary&) = delete;
  Summary& operator=(const Summary&) = delete;

  Array<tally_balance>& balances() { return balances_; }
  /// The largest first, of those alike in the order in which their classes came.
  Array<Group>& groups() { return groups_; }
  /// How many are live or deferred.
  std::uint64_t left() const { return left_; }

 private:
  static int add_provider(tally_provider* provider, void* user);
  static int add_entry(const tally_entry* entry, void* user);
  Group* group_of(const tally_entry& entry);
  const char* copy_of(const char* text);

  Array<tally_balance> balances_;
  Array<Group> groups_;
  Array<char*> texts_;
  Index index_;  // of groups
  const tally_balance* current_ = nullptr;
  std::uint64_t left_ = 0;
};

}  // namespace tally::core
