// The table that an empty owner calls through. Calls cost nothing more because owners can be empty: one that
// is has another table, whose functions all refuse.
#pragma once

#include <cstddef>
#include <cstdio>
#include <iterator>
#include <type_traits>
#include <utility>

#include "tally/error.h"
#include "tally/module.h"

namespace tally {

namespace detail {

/// Records the failure of a function, "encoder.write" of "codec".
inline void refuse_empty(const char* interface, const char* function) noexcept {
  char name[200];
  std::snprintf(name, sizeof name, "%s_%s", interface, function);
  for (char* at = name; *at != '\0'; ++at)
    if (*at == '.') *at = '_';
  char text[512];
  std::snprintf(text, sizeof text,
                "%s: null argument: 'self' is empty: an owner that was moved from, or whose object was given "
                "away or destroyed, or a module that was unloaded; call through the one that has it now",
                name);
  tally_fail(TALLY_NULL_ARGUMENT, text);
}

/// Becomes a function of whatever type a slot of a table has, and is that of the slot's function in name
/// only.
template <class Interface, std::size_t index>
struct Refusal {
  template <class Returned, class... Arguments>
  using Function = Returned (*)(Arguments...);

  template <class Returned, class... Arguments>
  constexpr operator Function<Returned, Arguments...>() const noexcept {
    return &refuse<Returned, Arguments...>;
  }

 private:
  template <class Returned, class... Arguments>
  static Returned TALLY_CALL refuse(Arguments...) {
    refuse_empty(Interface::kName, Interface::kFunctions[index].name);
    if constexpr (std::is_same_v<Returned, tally_status>) {
      return TALLY_NULL_ARGUMENT;
    } else {
      return {};
    }
  }
};

template <class Interface, std::size_t... indices>
constexpr typename Interface::Api refusing_table(std::index_sequence<indices...>) noexcept {
  return {{sizeof(typename Interface::Api), 0, 0}, Refusal<Interface, indices>{}...};
}

}  // namespace detail

/// Every function of the interface, and each fails with TALLY_NULL_ARGUMENT. `Interface` is generated: its
/// table's type, its name and its functions' names.
template <class Interface>
constexpr typename Interface::Api refusing_table() noexcept {
  return detail::refusing_table<Interface>(std::make_index_sequence<std::size(Interface::kFunctions)>());
}

}  // namespace tally
