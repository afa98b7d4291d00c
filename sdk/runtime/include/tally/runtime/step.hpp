// Between the steps of what threads do to one object at once.
#pragma once

namespace tally::runtime {

/// Nothing; but in the stress tests, which let other threads in between any two steps, a delay of any length.
#if defined(TALLY_TEST_DELAYS)
void step() noexcept;
#else
inline void step() noexcept {}
#endif

}  // namespace tally::runtime
