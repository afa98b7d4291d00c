// See model.hpp.
#include "model.hpp"

namespace histories_test {

int World::add_object(Kind kind, int parent) {
  objects.push_back({kind, parent});
  return static_cast<int>(objects.size()) - 1;
}

int World::add_token(int object) {
  object_of.push_back(object);
  return static_cast<int>(object_of.size()) - 1;
}

int World::family(int object) const {
  const bool is_of_one = kind(object) == Kind::chair || kind(object) == Kind::lamp;
  return is_of_one ? parent(object) : object;
}

bool World::are_taken_for_one(int a, int b) const {
  const Object& one = objects[static_cast<std::size_t>(a)];
  const Object& other = objects[static_cast<std::size_t>(b)];
  return a == b || (one.kind == other.kind && one.place == other.place && one.place != 0);
}

// ---- What there is ----

int State::tokens(const World& world, int of) const {
  int count = 0;
  for (std::size_t token = 0; token < world.object_of.size(); ++token)
    count += world.object_of[token] == of && tokens_[token] == Fate::live ? 1 : 0;
  return count;
}

// Whether its handle is good.
bool State::is_open(const World& world, int of) const {
  return tokens(world, of) != 0 && !object(of).is_consumed;
}

bool State::has(Children which, const World& world, int parent) const {
  for (std::size_t each = 0; each < world.objects.size(); ++each) {
    const World::Object& child = world.objects[each];
    if (child.parent != parent || !objects_[each].is_made || objects_[each].has_ended) continue;
    if ((child.kind == Kind::view) == (which == Children::views)) return true;
  }
  return false;
}

// Whether something can hold up the end of an object whose token is about to be spent: a call, a view, a
// child that does not end with it, or one that does and is itself held up, or is ending already.
bool State::may_wait(const World& world, int of, const Circumstances& meanwhile) const {
  if ((meanwhile.held_others >> of & 1) != 0 || object(of).is_consumed) return true;
  for (std::size_t each = 0; each < world.objects.size(); ++each) {
    if (world.objects[each].parent != of || !objects_[each].is_made || objects_[each].has_ended) continue;
    const int child = static_cast<int>(each);
    if (!ends_with_parent(world.kind(child)) || tokens(world, child) == 0) return true;
    if (may_wait(world, child, meanwhile)) return true;
  }
  return false;
}

// ---- What words are answered ----

tally_status State::to_call(const World& world, const Step& step) const {
  const bool has_gone = object(step.object).has_gone;
  if (step.token == kNone) {
    if (is_open(world, step.object)) return TALLY_OK;
    return has_gone ? TALLY_GONE_WITH_PARENT : TALLY_STALE_HANDLE;
  }
  switch (fate(step.token)) {
    case Fate::live:
      return object(step.object).is_consumed ? TALLY_STALE_HANDLE : TALLY_OK;
    case Fate::given_away:
      return TALLY_NOT_OWNER;
    case Fate::gone_with_parent:
      return TALLY_GONE_WITH_PARENT;
    case Fate::none:
      return TALLY_NEVER_ISSUED;
    case Fate::spent:
      break;
  }
  return TALLY_STALE_HANDLE;
}

tally_status State::to_take(const Step& step) const {
  switch (fate(step.token)) {
    case Fate::live:
      return TALLY_OK;
    case Fate::given_away:
      return TALLY_NOT_OWNER;
    case Fate::gone_with_parent:
      return TALLY_GONE_WITH_PARENT;
    case Fate::none:
      return TALLY_NEVER_ISSUED;
    case Fate::spent:
      break;
  }
  return TALLY_ALREADY_DESTROYED;
}

// ---- What happens ----

bool State::happens(const World& world, const Step& step, const Circumstances& meanwhile) {
  switch (step.event) {
    case Event::made:
      return makes(world, step);
    case Event::entered:
      return enters(world, step, meanwhile);
    case Event::taken:
      return takes(step);
    case Event::returned:
    case Event::given_back:
      if (fate(step.token) != Fate::live) return false;
      fate(step.token) = step.event == Event::returned ? Fate::given_away : Fate::none;
      fate(step.made) = Fate::live;
      return true;
    case Event::consuming:
      return begins_consuming(world, step, meanwhile);
    case Event::consumed:
      return is_consumed(world, step);
    case Event::resumed:
      object(step.object).is_consumed = false;
      return true;
    case Event::retained:
      return retains(world, step);
    case Event::referred:
      return refers(world, step);
    case Event::moving:
      return moves(world, step);
    case Event::moved:
      --object(step.object).moving;
      return true;
    case Event::destroyed:
      return destroys(world, step, meanwhile);
    case Event::tried:
      return tries(world, step, meanwhile);
    case Event::ended:
      return ends(world, step);
  }
  return false;
}

bool State::makes(const World& world, const Step& step) {
  const int parent = world.parent(step.object);
  if (parent != kNone) {
    const bool is_moving = world.kind(step.object) == Kind::view && object(parent).moving != 0;
    if (step.status == TALLY_BORROWED) return is_moving;
    if (step.status == TALLY_GONE_WITH_PARENT) return !is_open(world, parent);
    if (!is_open(world, parent) || is_moving) return false;
  }
  if (step.status != TALLY_OK) return false;
  object(step.object).is_made = true;
  fate(step.made) = Fate::live;
  return true;
}

bool State::enters(const World& world, const Step& step, const Circumstances& meanwhile) const {
  const tally_status expected = to_call(world, step);
  if (step.status != TALLY_CONCURRENT_USE) return step.status == expected;
  return is_one_at_a_time(world.kind(step.object)) && expected == TALLY_OK && meanwhile.is_family_used;
}

// What a call is consuming nobody else can take.
bool State::takes(const Step& step) {
  const bool is_in_use = object(step.object).is_consumed;
  if (const tally_status expected = to_take(step); expected != TALLY_OK) return step.status == expected;
  if (step.status != TALLY_OK || is_in_use) return step.status == TALLY_BORROWED && is_in_use;
  fate(step.token) = Fate::given_away;
  fate(step.made) = Fate::live;
  return true;
}

bool State::begins_consuming(const World& world, const Step& step, const Circumstances& meanwhile) {
  if (const tally_status expected = to_take(step); expected != TALLY_OK) return step.status == expected;
  const bool has_views = has(Children::views, world, step.object);
  const bool is_consumed = object(step.object).is_consumed;
  if (step.status == TALLY_BORROWED) return has_views || is_consumed || meanwhile.is_in_the_way;
  if (step.status != TALLY_OK || has_views || is_consumed) return false;
  object(step.object).is_consumed = true;
  return true;
}

// It may have been destroyed meanwhile.
bool State::is_consumed(const World& world, const Step& step) {
  object(step.object).is_consumed = false;
  if (fate(step.token) == Fate::live) spend(world, step.token, step.object);
  return true;
}

bool State::retains(const World& world, const Step& step) {
  if (const tally_status expected = to_call(world, step); expected != TALLY_OK)
    return step.status == expected;
  fate(step.made) = Fate::live;
  return step.status == TALLY_OK;
}

// The owner's token has a handle, also while a call consumes the object.
bool State::refers(const World& world, const Step& step) const {
  if (step.token != kNone && fate(step.token) == Fate::live) return step.status == TALLY_OK;
  return step.status == to_call(world, step);
}

bool State::moves(const World& world, const Step& step) {
  const bool has_views = has(Children::views, world, step.object);
  if (step.status != TALLY_OK || has_views) return step.status == TALLY_BORROWED && has_views;
  ++object(step.object).moving;
  return true;
}

bool State::destroys(const World& world, const Step& step, const Circumstances& meanwhile) {
  if (const tally_status expected = to_take(step); expected != TALLY_OK)
    return step.status == (expected == TALLY_GONE_WITH_PARENT ? TALLY_OK : expected);
  const bool is_last = tokens(world, step.object) == 1;
  const bool may_be_deferred = is_last && may_wait(world, step.object, meanwhile);
  const bool may_be_done = !is_last || meanwhile.runs_destructor;
  spend(world, step.token, step.object);
  return step.status == TALLY_DEFERRED ? may_be_deferred : step.status == TALLY_OK && may_be_done;
}

bool State::tries(const World& world, const Step& step, const Circumstances& meanwhile) {
  if (const tally_status expected = to_take(step); expected != TALLY_OK)
    return step.status == (expected == TALLY_GONE_WITH_PARENT ? TALLY_OK : expected);
  const bool is_last = tokens(world, step.object) == 1;
  const bool has_views = has(Children::views, world, step.object);
  const bool has_children = has(Children::others, world, step.object);
  const bool is_consumed = object(step.object).is_consumed;
  if (step.status == TALLY_BORROWED) return is_last && (has_views || is_consumed || meanwhile.is_in_the_way);
  if (step.status == TALLY_HAS_CHILDREN) return is_last && has_children;
  if (is_last && (has_views || has_children || is_consumed || !meanwhile.runs_destructor)) return false;
  spend(world, step.token, step.object);
  return step.status == TALLY_OK;
}

bool State::ends(const World& world, const Step& step) {
  Object& own = object(step.object);
  const bool has_children =
      has(Children::views, world, step.object) || has(Children::others, world, step.object);
  if (!own.is_made || own.has_ended || own.is_consumed || has_children) return false;
  own.has_ended = true;
  return tokens(world, step.object) == 0;
}

// The last one revokes what ends with the object.
void State::spend(const World& world, int token, int of) {
  fate(token) = Fate::spent;
  if (tokens(world, of) != 0) return;
  revoke_children(world, of);
}

void State::revoke_children(const World& world, int parent) {
  for (std::size_t each = 0; each < world.objects.size(); ++each) {
    const int child = static_cast<int>(each);
    if (world.parent(child) != parent || !ends_with_parent(world.kind(child)) || tokens(world, child) == 0)
      continue;
    object(child).has_gone = true;
    for (std::size_t token = 0; token < world.object_of.size(); ++token) {
      if (world.object_of[token] == child && tokens_[token] == Fate::live)
        tokens_[token] = Fate::gone_with_parent;
    }
  }
}

}  // namespace histories_test
