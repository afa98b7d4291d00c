// What a call through the C++ wrapper fails with.
#pragma once

#include <optional>
#include <string>

#include "tally/error.hpp"

/// What a call throws; none if it doesn't.
template <class Call>
std::optional<tally::Error> error_of(Call&& call) {
  try {
    static_cast<void>(call());
  } catch (const tally::Error& error) {
    return error;
  }
  return std::nullopt;
}

template <class Call>
tally_status status_of(Call&& call) {
  const std::optional<tally::Error> error = error_of(call);
  return error ? error->status() : TALLY_OK;
}

template <class Call>
std::string text_of(Call&& call) {
  const std::optional<tally::Error> error = error_of(call);
  return error ? error->what() : "";
}
