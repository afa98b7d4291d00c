// A module and a host that are not there: ownership_api with functions that only count, and the functions of
// tallystick::host that wrappers call. Tests say how the next calls end, and look at what they were given.
#pragma once

#include <cstdint>
#include <string>

#include "ownership.h"

namespace fake {

struct State {
  tally_status next = TALLY_OK;  ///< what the next call that can fail comes to; then TALLY_OK again
  std::string text = "it failed";

  int made = 0;        ///< tokens issued
  int given_back = 0;  ///< tokens given back: destroyed, released, or taken by a call
  int blobs_freed = 0;
  int views_closed = 0;
  std::uint64_t array_size = 3;

  ownership_progress progress{};  ///< what on_change was given
  ownership_row row{};            ///< what run was given
  ownership_arrival arrival{};    ///< what on_arrival was given
  const ownership_sink_methods* methods = nullptr;
  void* user = nullptr;  ///< what a sink was made of

  int live() const { return made - given_back; }
};

/// Of the test that runs; reset() before each.
extern State state;
void reset();

/// The table that ownership_linked_api() returns.
const ownership_api& api();

/// A handle and a token of a new object.
template <class Word>
Word* token() {
  return reinterpret_cast<Word*>(static_cast<std::uintptr_t>(0x1000 + 2 * ++state.made));
}
template <class Word>
const Word* handle_of(const Word* word) {
  return reinterpret_cast<const Word*>(reinterpret_cast<std::uintptr_t>(word) | 1);
}

/// A blob and a view of the text, with tokens.
tally_blob blob(const char* text);
tally_view view(const char* text);

}  // namespace fake
