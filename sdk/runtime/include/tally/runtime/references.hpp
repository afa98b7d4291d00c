// The further tokens of a table's objects: references that were retained, and successors of tokens whose
// generations were used up. In blocks that never move, with a table id of their own.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "tally/runtime/interface.hpp"
#include "tally/runtime/slot.hpp"

namespace tally::runtime {

class TableBase;

class References {
 public:
  References() = default;
  References(const References&) = delete;
  References& operator=(const References&) = delete;

  tally_status start(Interface& interface, TableBase& table, std::uint32_t number) noexcept;
  void stop(Interface& interface) noexcept;

  Reference& at(std::uint32_t index) const noexcept {
    return blocks_[index / kBlock].load(std::memory_order_acquire)[index % kBlock];
  }
  /// The reference that a token with this table id leads to, live or not; null if none was ever there.
  Reference* reference_of(Word token) const noexcept {
    Reference* const block = blocks_[slot_index(token) / kBlock].load(std::memory_order_acquire);
    return block ? &block[slot_index(token) % kBlock] : nullptr;
  }
  /// References below it have been given to lanes; 0 to none.
  std::uint32_t end() const noexcept { return end_.load(std::memory_order_acquire); }

  /// The next fresh references, their words made; under the table's lock. *first == *end: none is left.
  tally_status take_block(std::uint32_t lane, std::uint32_t* first, std::uint32_t* end) noexcept;

  bool has_tokens_of(Word word) const noexcept { return table_id(word) == token_table_; }
  bool was_never_issued(Word word, Word current) const noexcept {
    return generation(word) > generation(current) || generation(word) < token_floor_;
  }
  std::uint32_t number() const noexcept { return number_; }

  References* next = nullptr;  // of the same table, older

 private:
  static constexpr std::uint32_t kBlock = 4096;
  static constexpr std::uint32_t kTaken = 64;  // references that a lane takes at once

  std::atomic<Reference*> blocks_[(1u << TALLY_SLOT_BITS) / kBlock] = {};
  std::atomic<std::uint32_t> end_{1};
  std::uint32_t token_table_ = 0;
  std::uint32_t token_floor_ = 0;
  std::uint32_t number_ = 0;
};

}  // namespace tally::runtime
