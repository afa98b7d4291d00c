// See history.hpp.
#include "history.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "tally/error.h"

namespace histories_test {
namespace {

class Search {
 public:
  explicit Search(const History& history) : history_(history) {
    for (const Step& each : history.steps) {
      meanwhile_.push_back(circumstances_of(each));
      before_.push_back(before(each));
    }
  }

  bool finds_an_order() { return from(0, State()); }

 private:
  using Steps = std::uint64_t;  // a bit for each

  bool from(Steps done, const State& state) {
    if (done == all()) return true;
    if (!tried_.insert({done, state}).second) return false;
    for (std::size_t i = 0; i < history_.steps.size(); ++i) {
      const Steps step = Steps{1} << i;
      if ((done & step) != 0 || (before_[i] & ~done) != 0) continue;
      State after = state;
      const bool happens = after.happens(history_.world, history_.steps[i], meanwhile_[i]);
      if (happens && from(done | step, after)) return true;
    }
    return false;
  }

  Steps all() const {
    const std::size_t count = history_.steps.size();
    return count == kMostSteps ? ~Steps{0} : (Steps{1} << count) - 1;
  }

  // What had happened before it was asked.
  Steps before(const Step& step) const {
    Steps steps = 0;
    for (std::size_t i = 0; i < history_.steps.size(); ++i)
      steps |= history_.steps[i].to < step.from ? Steps{1} << i : 0;
    return steps;
  }

  Circumstances circumstances_of(const Step& step) const {
    Circumstances meanwhile;
    const World& world = history_.world;
    const int family = world.family(step.object);
    for (const Stay& each : history_.stays) {
      if (each.thread == step.thread || each.from > step.to || each.to < step.from) continue;
      for (std::size_t i = 0; i < world.objects.size(); ++i) {
        if (world.are_taken_for_one(each.object, static_cast<int>(i)) || seems_to_be_of(each, world, i))
          meanwhile.held_others |= std::uint32_t{1} << i;
      }
      meanwhile.is_family_used |=
          each.way == Stay::Way::call && world.are_taken_for_one(world.family(each.object), family);
    }
    meanwhile.is_in_the_way = (meanwhile.held_others >> step.object & 1) != 0;
    meanwhile.runs_destructor = std::ranges::any_of(history_.steps, [&](const Step& each) {
      return each.event == Event::ended && each.object == step.object && each.from >= step.from &&
             each.to <= step.to;
    });
    return meanwhile;
  }

  static bool seems_to_be_of(const Stay& stay, const World& world, std::size_t object) {
    const World::Object& other = world.objects[object];
    return stay.place != 0 && stay.place == other.place && other.kind == world.kind(stay.object);
  }

  const History& history_;
  std::vector<Circumstances> meanwhile_;
  std::vector<Steps> before_;
  std::set<std::pair<Steps, State>> tried_;
};

bool overlap(const Stay& a, const Stay& b) {
  return a.inside != 0 && b.inside != 0 && a.inside < b.outside && b.inside < a.outside;
}

bool must_take_turns(const World& world, const Stay& a, const Stay& b) {
  return is_one_at_a_time(world.kind(a.object)) && world.family(a.object) == world.family(b.object) &&
         a.way != Stay::Way::taking && b.way != Stay::Way::taking && a.thread != b.thread;
}

// What no order could excuse.
std::string never_right(const History& history, bool is_exact) {
  for (const Stay& each : history.stays) {
    for (const Step& step : history.steps) {
      const bool is_its_end = step.event == Event::ended && step.object == each.object;
      if (is_its_end && each.inside != 0 && step.from < each.outside)
        return "an object has ended under a call";
    }
    for (const Stay& other : history.stays) {
      if (is_exact && must_take_turns(history.world, each, other) && overlap(each, other))
        return "two threads are inside what one at a time may be inside of";
    }
  }
  return "";
}

const char* name_of(Event event) {
  static constexpr const char* kNames[] = {"made",      "entered",  "taken",     "returned", "given back",
                                           "consuming", "consumed", "resumed",   "retained", "referred to",
                                           "moving",    "moved",    "destroyed", "tried",    "ended"};
  return kNames[static_cast<std::size_t>(event)];
}

const char* name_of(Kind kind) {
  static constexpr const char* kNames[kKinds] = {"plate", "badge", "pen",   "hall", "bench",
                                                 "seat",  "room",  "chair", "lamp", "view"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace

std::string unexplained(const History& history, bool is_exact) {
  if (std::string wrong = never_right(history, is_exact); !wrong.empty()) return wrong;
  return Search(history).finds_an_order() ? "" : "no order explains these answers";
}

std::string as_text(const History& history) {
  std::vector<Step> steps = history.steps;
  std::ranges::sort(steps, {}, &Step::from);
  std::ostringstream text;
  for (const Step& each : steps) {
    text << "  [" << each.from << ", " << each.to << "] thread " << each.thread << ": "
         << name_of(history.world.kind(each.object)) << " " << each.object << " " << name_of(each.event);
    if (each.token != kNone) text << ", token " << each.token;
    if (each.made != kNone) text << ", makes token " << each.made;
    text << ": " << tally_status_text(each.status) << "\n";
  }
  for (const Stay& each : history.stays) {
    text << "  [" << each.from << ", " << each.to << "] thread " << each.thread << ": a call of "
         << name_of(history.world.kind(each.object)) << " " << each.object;
    if (each.inside != 0) text << ", inside [" << each.inside << ", " << each.outside << "]";
    text << "\n";
  }
  return text.str();
}

}  // namespace histories_test
