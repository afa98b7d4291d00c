// Words: the 64 bits that handles and tokens are. Layout and limits are libtally's (tally/core.h).
#pragma once

#include <cstdint>

#include "tally/core.h"

namespace tally::runtime {

using Word = std::uint64_t;

/// How many slots a table id has, the unused slot 0 included, and the last generation. Test builds make both
/// small, to see what happens when they are used up.
#if defined(TALLY_TEST_SLOTS)
inline constexpr std::uint32_t kSlots = TALLY_TEST_SLOTS;
inline constexpr std::uint32_t kLastGeneration = TALLY_TEST_LAST_GENERATION;
#else
inline constexpr std::uint32_t kSlots = 1u << TALLY_SLOT_BITS;
inline constexpr std::uint32_t kLastGeneration = (1u << TALLY_GENERATION_BITS) - 1;
#endif
inline constexpr Word kOneGeneration = Word{1} << TALLY_SLOT_BITS;

constexpr Word make_word(std::uint32_t table, std::uint32_t generation, std::uint32_t slot) noexcept {
  return (Word{table} << (TALLY_SLOT_BITS + TALLY_GENERATION_BITS)) | (Word{generation} << TALLY_SLOT_BITS) |
         slot;
}

constexpr std::uint32_t slot_index(Word word) noexcept {
  return TALLY_WORD_SLOT(word);
}
constexpr std::uint32_t generation(Word word) noexcept {
  return TALLY_WORD_GENERATION(word);
}
constexpr std::uint32_t table_id(Word word) noexcept {
  return TALLY_WORD_TABLE(word);
}

// A slot keeps the word that it last issued. What became of it is in the lowest two bits of its slot number:
// unchanged, it is live; changed, it names another slot, so it is equal to no word that leads here, and the
// generation is still there to go on from.

constexpr Word as_gone(Word live) noexcept {
  return live ^ 1;
}
/// Of a token: it is spent, and the destructor waits until the object is let go.
constexpr Word as_pending(Word live) noexcept {
  return live ^ 2;
}
/// Of a token: another thread has spent it, and the slot is in its lane's list of returned ones.
constexpr Word as_returned(Word live) noexcept {
  return live ^ 3;
}

constexpr bool is_live_in(Word word, std::uint32_t slot) noexcept {
  return slot_index(word) == slot;
}
constexpr bool is_pending_in(Word word, std::uint32_t slot) noexcept {
  return slot_index(word) == (slot ^ 2);
}
constexpr bool is_returned_in(Word word, std::uint32_t slot) noexcept {
  return slot_index(word) == (slot ^ 3);
}

/// The word that a slot has last issued, whatever became of it.
constexpr Word last_issued(Word word, std::uint32_t slot) noexcept {
  return (word & ~Word{(1u << TALLY_SLOT_BITS) - 1}) | slot;
}

inline Word word_of(const void* pointer) noexcept {
  return reinterpret_cast<Word>(pointer);
}

/// Words travel as pointers to types that do not exist; they are never followed.
template <class Opaque>
Opaque* as_pointer(Word word) noexcept {
  return reinterpret_cast<Opaque*>(word);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace tally::runtime
