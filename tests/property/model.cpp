// See model.hpp.
#include "model.hpp"

#include <algorithm>
#include <utility>

namespace property_test {
namespace {

constexpr std::uint64_t kRemembered = 60;  // the runtime promises to remember at least so many

// Objects, blobs and views are given back in different ways; arrays and their elements, too.
int pair_of(Kind kind) {
  if (kind == Kind::blob) return 1;
  if (kind == Kind::view) return 2;
  return 0;
}

bool is_wrong_pair(Kind a, Kind b) {
  const bool is_array = (a == Kind::cell && b == Kind::cells) || (a == Kind::cells && b == Kind::cell);
  return is_array || pair_of(a) != pair_of(b);
}

Answer only(tally_status status) {
  return {status, status};
}

}  // namespace

// ---- What happens ----

Object& Model::create(Kind kind, Object* parent) {
  const bool is_numbered = static_cast<std::size_t>(kind) < kNumbered;
  Object& object = objects_.emplace_back();
  object.kind = kind;
  object.number = is_numbered ? ++last_number_ : 0;
  object.parent = parent;
  if (parent) parent->children.push_back(&object);
  ++issued_[static_cast<std::size_t>(kind)];
  return object;
}

Word& Model::know(std::uint64_t value, Object& object, bool is_token) {
  return words_.emplace_back(Word{value, &object, is_token});
}

void Model::leave(Object& object) {
  --object.inside;
  settle(object);
}

void Model::retain(Object& object) {
  ++object.tokens;
  ++issued_[static_cast<std::size_t>(object.kind)];
}

tally_status Model::spend(Object& object, Word* word) {
  if (word) retire(*word, Word::Fate::spent);
  if (!word) ++retired_[static_cast<std::size_t>(object.kind)];
  if (--object.tokens != 0) return TALLY_OK;
  revoke(object);
  settle_with_children(object);
  return object.has_ended ? TALLY_OK : TALLY_DEFERRED;
}

void Model::spend_elsewhere(Object& object, Word& word) {
  retire(word, Word::Fate::spent);
  if (object.kind != Kind::picture && object.kind != Kind::sprout) object.is_revoked = true;
  ++object.spent_elsewhere;
  spent_elsewhere_.push_back(&object);
}

void Model::hear_of_others() {
  for (Object* const each : std::exchange(spent_elsewhere_, {})) {
    --each->spent_elsewhere;
    spend(*each, nullptr);
  }
}

void Model::drop(Object* held) {
  if (held && !held->has_gone_with_parent) spend(*held, nullptr);
}

void Model::give_back(Word& word) {
  word.fate = word.object->has_gone_with_parent ? Word::Fate::gone_with_parent : Word::Fate::live;
}

void Model::retire(Word& word, Word::Fate fate) {
  word.fate = fate;
  word.retired_as = ++retired_[static_cast<std::size_t>(word.object->kind)];
}

// Nobody can call it any more, nor what ends with it.
void Model::revoke(Object& object) {
  object.is_revoked = true;
  for (Word& word : words_) {
    if (word.object == &object && !word.is_token)
      word.retired_as = retired_[static_cast<std::size_t>(object.kind)];
  }
  for (Object* const child : object.children) {
    if (!ends_with_parent(child->kind) || child->is_revoked) continue;
    child->has_gone_with_parent = true;
    child->tokens = 0;
    for (Word& word : words_) {
      if (word.object == child && word.is_token && word.fate == Word::Fate::live)
        retire(word, Word::Fate::gone_with_parent);
    }
    revoke(*child);
  }
}

void Model::settle_with_children(Object& object) {
  for (Object* const child : std::vector(object.children)) {
    if (child->has_gone_with_parent) settle_with_children(*child);
  }
  settle(object);
}

void Model::settle(Object& object) {
  const bool is_held = object.inside != 0 || !object.children.empty();
  if (object.tokens == 0 && !object.has_ended && !is_held) end(object);
}

void Model::end(Object& object) {
  object.has_ended = true;
  if (object.given) ++object.given->expected;
  if (object.callback) ++object.callback->expected;
  drop(object.sink);
  drop(object.twig);
  drop(object.picture);
  drop(object.data);
  for (Object* const element : object.elements) drop(element);
  if (!object.parent) return;
  std::erase(object.parent->children, &object);
  settle(*object.parent);
}

// ---- What calls answer ----

tally_status Model::forgotten(const Word& word, tally_status known, tally_status general) const {
  const std::uint64_t since = retired_[static_cast<std::size_t>(word.object->kind)] - word.retired_as;
  return since >= kRemembered ? general : known;
}

Answer Model::dead_handle(const Word& word) const {
  const tally_status known = word.object->has_gone_with_parent ? TALLY_GONE_WITH_PARENT : TALLY_STALE_HANDLE;
  return {known, forgotten(word, known, TALLY_STALE_HANDLE)};
}

Answer Model::call(Kind kind, std::uint64_t value, const Word* word) const {
  if (value == 0) return only(TALLY_NULL_ARGUMENT);
  if (!word) return only(TALLY_NEVER_ISSUED);
  if (word->object->kind != kind) return only(TALLY_WRONG_CLASS);
  if (!word->is_token) return word->object->is_revoked ? dead_handle(*word) : Answer{};
  switch (word->fate) {
    case Word::Fate::live:
      return {};
    case Word::Fate::given_away:
      return {TALLY_NOT_OWNER, forgotten(*word, TALLY_NOT_OWNER, TALLY_STALE_HANDLE)};
    case Word::Fate::spent:
      return only(TALLY_STALE_HANDLE);
    case Word::Fate::gone_with_parent:
      return {TALLY_GONE_WITH_PARENT, forgotten(*word, TALLY_GONE_WITH_PARENT, TALLY_STALE_HANDLE)};
  }
  return {};
}

Answer Model::take(Kind kind, std::uint64_t value, const Word* word) const {
  if (value == 0) return only(TALLY_NULL_ARGUMENT);
  if (!word) return only(TALLY_NEVER_ISSUED);
  if (word->object->kind != kind)
    return only(is_wrong_pair(word->object->kind, kind) ? TALLY_WRONG_PAIR : TALLY_WRONG_CLASS);
  if (!word->is_token) return only(TALLY_NOT_OWNER);
  switch (word->fate) {
    case Word::Fate::live:
      return {};
    case Word::Fate::given_away:
      return {TALLY_NOT_OWNER, forgotten(*word, TALLY_NOT_OWNER, TALLY_ALREADY_DESTROYED)};
    case Word::Fate::spent:
      return only(TALLY_ALREADY_DESTROYED);
    case Word::Fate::gone_with_parent:
      return {TALLY_GONE_WITH_PARENT, forgotten(*word, TALLY_GONE_WITH_PARENT, TALLY_ALREADY_DESTROYED)};
  }
  return {};
}

// What has gone with its parent can be given back as if it had not; what was retired too long ago may have.
Answer Model::destroy(Kind kind, std::uint64_t value, const Word* word) const {
  if (value == 0) return {};
  Answer answer = take(kind, value, word);
  const bool may_be_gone = word && word->is_token && ends_with_parent(kind) && word->object->kind == kind;
  if (!may_be_gone) return answer;
  answer.forgotten = forgotten(*word, answer.status, TALLY_OK);
  if (answer.status == TALLY_GONE_WITH_PARENT) answer = {};
  return answer;
}

Answer Model::try_destroy(Kind kind, std::uint64_t value, const Word* word) const {
  const Answer answer = destroy(kind, value, word);
  if (!word || !answer.is_ok() || word->fate != Word::Fate::live || word->object->tokens != 1) return answer;
  if (has_views(*word->object) || word->object->inside != 0) return only(TALLY_BORROWED);
  return word->object->children.empty() ? answer : only(TALLY_HAS_CHILDREN);
}

bool Model::has_views(const Object& object) {
  return std::ranges::any_of(object.children, [](const Object* child) { return child->kind == Kind::view; });
}

std::array<Model::Figures, kKinds> Model::figures() const {
  std::array<Figures, kKinds> all{};
  for (std::size_t kind = 0; kind < kKinds; ++kind) all[kind].issued = issued_[kind];
  for (const Object& each : objects_) {
    Figures& of_kind = all[static_cast<std::size_t>(each.kind)];
    of_kind.live += static_cast<std::uint64_t>(each.tokens - each.spent_elsewhere);
    of_kind.deferred += static_cast<std::uint64_t>(each.spent_elsewhere);
    of_kind.deferred += each.tokens == 0 && !each.has_ended ? 1 : 0;
    of_kind.alive += each.has_ended ? 0 : 1;
  }
  return all;
}

}  // namespace property_test
