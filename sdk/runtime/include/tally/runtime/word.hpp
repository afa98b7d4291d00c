// Words: the 64 bits that handles and tokens are. Layout and limits are libtally's (tally/core.h).
#pragma once

#include <cstdint>

#include "tally/core.h"

namespace tally::runtime {

using Word = std::uint64_t;

inline constexpr std::uint32_t kSlots = 1u << TALLY_SLOT_BITS;
inline constexpr std::uint32_t kLastGeneration = (1u << TALLY_GENERATION_BITS) - 1;
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

/// A slot keeps the word that it last issued. Flipping the lowest bit kills it: its slot bits then name
/// another slot, so it is equal to no word that leads here, and the generation is still there to go on from.
constexpr Word flip(Word word) noexcept {
  return word ^ 1;
}
constexpr bool is_live_in(Word word, std::uint32_t slot) noexcept {
  return slot_index(word) == slot;
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
