// See history.hpp.
#include "history.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <utility>

namespace tally::runtime::test {
namespace {

class Search {
 public:
  Search(const World& world, const std::vector<Operation>& history) : world_(world), history_(history) {}

  bool from(std::uint32_t done, std::uint64_t good) {
    if (done == (std::uint64_t{1} << history_.size()) - 1) return true;
    if (!seen_.insert({done, good}).second) return false;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if ((done >> i & 1) != 0 || !can_be_next(i, done)) continue;
      std::uint64_t after = good;
      if (could_be(history_[i], after) && from(done | std::uint32_t{1} << i, after)) return true;
    }
    return false;
  }

 private:
  bool can_be_next(std::size_t candidate, std::uint32_t done) const {
    for (std::size_t i = 0; i < history_.size(); ++i) {
      if ((done >> i & 1) == 0 && history_[i].answered < history_[candidate].invoked) return false;
    }
    return true;
  }

  static bool has(std::uint64_t tokens, int token) { return (tokens >> token & 1) != 0; }
  static std::uint64_t bit(int token) { return token < 0 ? 0 : std::uint64_t{1} << token; }

  bool is_alive(int object, std::uint64_t good) const {
    for (std::size_t token = 0; token < world_.object_of.size(); ++token) {
      if (world_.object_of[token] == object && has(good, static_cast<int>(token))) return true;
    }
    return false;
  }

  bool has_children(int object, std::uint64_t good) const {
    for (std::size_t child = 0; child < world_.parent_of.size(); ++child) {
      if (world_.parent_of[child] == object && is_alive(static_cast<int>(child), good)) return true;
    }
    return false;
  }

  // Whether another thread was inside the object at some time of the operation, or was trying to be: that is
  // noted before it is known whether it can.
  bool overlaps_a_call(const Operation& operation) const {
    return std::ranges::any_of(history_, [&](const Operation& other) {
      const bool is_call = other.act == Act::call || other.act == Act::make_child;
      return is_call && other.thread != operation.thread && other.object == operation.object &&
             (other.entered != 0 ? other.entered : other.invoked) < operation.answered &&
             operation.invoked < std::max(other.left, other.answered);
    });
  }

  // Whether another thread was ending a child of the object at some time of the operation: its token is spent
  // before its destructor has run, and until then it is a child.
  bool overlaps_a_childs_end(const Operation& operation) const {
    return std::ranges::any_of(history_, [&](const Operation& other) {
      const bool is_end = other.act == Act::destroy || other.act == Act::try_destroy;
      return is_end && world_.parent_of[static_cast<std::size_t>(other.object)] == operation.object &&
             other.invoked < operation.answered && operation.invoked < other.answered;
    });
  }

  // Whether it could have been answered so at a moment with these good tokens; then `good` is what it leaves.
  bool could_be(const Operation& operation, std::uint64_t& good) const {
    const bool takes = operation.token >= 0;
    const bool is_good = takes ? has(good, operation.token) : is_alive(operation.object, good);
    switch (operation.answer) {
      case Answer::gone:
        return !is_good;
      case Answer::in_use:
        if (overlaps_a_call(operation)) return true;
        if (operation.act != Act::try_destroy) return false;
        return overlaps_a_childs_end(operation) || (is_good && has_children(operation.object, good));
      case Answer::done:
        break;
    }
    if (!is_good) return false;
    good &= ~bit(operation.token);
    good |= bit(operation.made);
    return operation.act != Act::try_destroy || is_alive(operation.object, good) ||
           !has_children(operation.object, good);
  }

  const World& world_;
  const std::vector<Operation>& history_;
  std::set<std::pair<std::uint32_t, std::uint64_t>> seen_;
};

}  // namespace

bool is_explained(const World& world, const std::vector<Operation>& history) {
  return Search(world, history).from(0, world.good);
}

std::string as_text(std::vector<Operation> history) {
  static constexpr std::array kActs = {"call", "destroy", "try_destroy", "transfer", "retain", "make_child"};
  static constexpr std::array kAnswers = {"done", "gone", "in use"};
  std::ranges::sort(history, {}, &Operation::invoked);
  std::ostringstream text;
  for (const Operation& each : history) {
    text << "  thread " << each.thread << ": " << kActs[static_cast<std::size_t>(each.act)] << " of object "
         << each.object;
    if (each.token >= 0) text << " by token " << each.token;
    if (each.made >= 0) text << ", which makes token " << each.made;
    text << ": " << kAnswers[static_cast<std::size_t>(each.answer)] << " [" << each.invoked << ", "
         << each.answered << "]";
    if (each.left != 0) text << ", left at " << each.left;
    text << "\n";
  }
  return text.str();
}

}  // namespace tally::runtime::test
