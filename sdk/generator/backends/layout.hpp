// How generated code breaks its lines: as clang-format would with the project's own style.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tally::generator {

inline constexpr std::size_t kLineWidth = 110;

/// "opening a, b, c closing" on one line if it fits; else the items below the opening, filled, indented by
/// four. `indent` is how far the line itself will be indented.
std::string list(std::string_view opening, const std::vector<std::string>& items, std::string_view closing,
                 std::size_t indent = 0);

}  // namespace tally::generator
