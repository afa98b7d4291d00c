// Status numbers are part of the ABI, and this is where they are given out.
#include "generator/lower/errors.hpp"

#include <algorithm>

#include "generator/lower/parts.hpp"

namespace tally::generator {
namespace {

void number(std::vector<model::Error>& errors) {
  std::vector<model::Error*> by_version;
  for (model::Error& error : errors) by_version.push_back(&error);
  std::ranges::stable_sort(by_version, {}, &model::Error::since);
  std::int32_t status = kFirstErrorStatus;
  for (model::Error* error : by_version) error->status = status--;
}

}  // namespace

std::vector<model::Error> lower_errors(const Node& errors, const Versions& versions, Complaints& complaints) {
  std::vector<model::Error> result;
  for (const Node& error : errors.members()) {
    check_key(error, NameKind::error, complaints);
    result.push_back({error.key(), doc_of(error), versions.since(error), 0});
  }
  number(result);
  return result;
}

}  // namespace tally::generator
