// See player.hpp.
#include "player.hpp"

#include <array>
#include <deque>
#include <sstream>
#include <thread>
#include <utility>

#include "kinds.hpp"
#include "model.hpp"
#include "property.h"
#include "tally/blob.h"
#include "tally/error.h"
#include "tally/ledger.h"
#include "tally/view.h"

namespace property_test {
namespace {

constexpr unsigned kOperations = 38;
#if defined(TALLY_TEST_SLOTS)
constexpr bool kIsScarce = true;  // a blob can change hands only twice
#else
constexpr bool kIsScarce = false;
#endif
constexpr tally_status kRefused = TALLY_STATUS_FIRST_OF_INTERFACE;
constexpr tally_status kCallbackFails = TALLY_SYSTEM_ERROR;  // like no misuse

// A word as an argument: one that the host knows, null, or one that nobody ever had.
struct Argument {
  std::uint64_t value = 0;
  Word* word = nullptr;
};

class Player {
 public:
  explicit Player(const std::vector<Step>& program)
      : program_(program), model_(last_number()), issued_before_(issued()) {}

  std::string play() {
    while (next_ < program_.size() && failure_.empty()) step();
    if (failure_.empty()) give_everything_back();
    return failure_;
  }

 private:
  // What a callback does when it is called: some of the program's next steps, and then it succeeds or fails.
  struct Handler : Given {
    Player* player = nullptr;
    std::uint64_t number = 0;  // what it is to be called with; 0: not known
    unsigned steps = 0;
    bool fails = false;
    bool takes = false;  // of an offer: the picture
    bool was_called = false;
    Word* taken = nullptr;
    Object* picture = nullptr;
    Object* root = nullptr;
  };

  // ---- Comparing ----

  void expect(bool is_so, const std::string& what) {
    if (is_so || !failure_.empty()) return;
    std::ostringstream text;
    text << "step " << next_ << ", " << name_ << ": " << what << " (last error: " << tally_last_error()->text
         << ")";
    failure_ = text.str();
  }
  void expect_status(const char* name, Answer answer, tally_status actual) {
    name_ = name;
    expect(answer.allows(actual),
           "answered " + std::to_string(actual) + ", not " + std::to_string(answer.status));
  }
  void expect_equal(const char* what, std::uint64_t wanted, std::uint64_t actual) {
    expect(wanted == actual,
           std::string(what) + " is " + std::to_string(actual) + ", not " + std::to_string(wanted));
  }
  void compare();
  void compare_balance(const tally_balance& balance, const std::array<Model::Figures, kKinds>& figures);

  // ---- Choosing ----

  Argument choose(Kind kind, std::uint8_t by, bool wants_token);
  Argument made_up(std::uint8_t by);
  Kind choose_kind(const Step& step, std::size_t count);
  Handler& handler(std::uint8_t detail);
  property_step callback(Handler& handler) { return {on_step, &handler, on_release}; }

  // ---- Steps ----

  void step();
  void run(unsigned steps);
  void know(Object& object, std::uint64_t token);
  void make(Kind kind, Answer answer, tally_status status, std::uint64_t token, Object* parent);
  void create(const Step& step);
  void make_child(const Step& step);
  void make_child_after(const Step& step);
  void call_number(const Step& step);
  void destroy(const Step& step);
  void try_destroy(const Step& step);
  void destroy_elsewhere(const Step& step);
  void call_elsewhere(const Step& step);
  void view(const Step& step);
  void close_view(const Step& step);
  void change(const Step& step);
  void make_blob(const Step& step);
  void resize_blob(const Step& step);
  void give_blob(const Step& step);
  void call_back(const Step& step);
  void fire(const Step& step);
  void hold(const Step& step);
  void graft(const Step& step);
  void let_go(const Step& step);
  void hand_on(const Step& step);
  void look(const Step& step);
  void swap(const Step& step);
  void attach(const Step& step);
  void write(const Step& step);
  void write_to_sink(const Step& step);
  void end_root(const Step& step);
  void end_other(const Step& step);
  void retain(const Step& step);
  void compare_words(const Step& step);
  void make_array(const Step& step);
  void look_into_array(const Step& step);
  void give_everything_back();

  template <class Call>
  void keep_taken(const Step& step, Kind kind, Call&& call, Object* Object::*place, const char* name);

  static tally_status TALLY_CALL on_step(void* user, std::uint64_t number, tally_bool* out);
  static tally_status TALLY_CALL on_offer(void* user, const property_root* root, property_picture** what);
  static tally_status TALLY_CALL on_write(void* user, const std::uint8_t* chunk, std::size_t size,
                                          std::uint64_t* out);
  static void TALLY_CALL on_release(void* user) { ++static_cast<Handler*>(user)->released; }

  using Play = void (Player::*)(const Step&);
  // Files in regressions/ know them by number: more come at the end.
  static constexpr std::array<Play, kOperations> kPlays{
      &Player::create,
      &Player::create,
      &Player::make_child,
      &Player::make_child,
      &Player::make_child,
      &Player::destroy,
      &Player::destroy,
      &Player::try_destroy,
      &Player::view,
      &Player::view,
      &Player::close_view,
      &Player::change,
      &Player::make_blob,
      &Player::give_blob,
      &Player::resize_blob,
      &Player::call_back,
      &Player::fire,
      &Player::hold,
      &Player::graft,
      &Player::let_go,
      &Player::hand_on,
      &Player::look,
      &Player::swap,
      &Player::attach,
      &Player::write,
      &Player::end_root,
      &Player::write_to_sink,
      &Player::end_other,
      &Player::retain,
      &Player::make_array,
      &Player::look_into_array,
      &Player::compare_words,
      &Player::call_back,
      &Player::graft,
      &Player::call_number,
      &Player::make_child_after,
      &Player::destroy_elsewhere,
      &Player::call_elsewhere,
  };

  static constexpr property_sink_methods kMethods{
      {sizeof(property_sink_methods), PROPERTY_VERSION_MAJOR, PROPERTY_VERSION_MINOR}, on_release, on_write};

  static std::uint64_t last_number();
  static std::array<std::uint64_t, kKinds> issued();

  const std::vector<Step>& program_;
  std::size_t next_ = 0;
  const char* name_ = "the beginning";
  std::string failure_;
  Model model_;
  const std::array<std::uint64_t, kKinds> issued_before_;
  inline static std::array<std::uint64_t, kKinds> sizes_{};  // of one object each
  std::deque<Handler> handlers_;
};

// ---- The beginning ----

std::uint64_t Player::last_number() {
  property_picture* const picture = property_picture_create(nullptr);
  std::uint64_t number = 0;
  property_picture_number(picture, &number);
  property_picture_release(picture);
  return number;
}

std::array<std::uint64_t, kKinds> Player::issued() {
  std::array<std::uint64_t, kKinds> all{};
  tally_ledger_balances(
      nullptr,
      [](const tally_balance* balance, void* user) {
        for (std::size_t kind = 0; kind < kKinds; ++kind) {
          if (std::string(balance->class_name) == kClassNames[kind])
            (*static_cast<decltype(all)*>(user))[kind] = balance->issued;
        }
        return 0;
      },
      &all);
  return all;
}

// ---- Comparing ----

void Player::compare() {
  struct Visit {
    Player* player;
    std::array<Model::Figures, kKinds> figures;
  } visit{this, model_.figures()};
  for (std::uint32_t kind = 0; kind < kNumbered; ++kind) {
    std::uint64_t alive = 0;
    property_alive(kind, &alive);
    expect_equal(kClassNames[kind], visit.figures[kind].alive, alive);
  }
  std::uint64_t faults = 0;
  property_faults(&faults);
  expect_equal("the number of faults", 0, faults);
  for (const Handler& each : handlers_) {
    expect_equal("how often a callback was released", static_cast<std::uint64_t>(each.expected),
                 static_cast<std::uint64_t>(each.released));
  }
  tally_ledger_balances(
      nullptr,
      [](const tally_balance* balance, void* user) {
        auto* const given = static_cast<Visit*>(user);
        given->player->compare_balance(*balance, given->figures);
        return 0;
      },
      &visit);
}

void Player::compare_balance(const tally_balance& balance,
                             const std::array<Model::Figures, kKinds>& figures) {
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (std::string(balance.class_name) != kClassNames[kind]) continue;
    const Model::Figures& wanted = figures[kind];
    const std::string name = kClassNames[kind];
    expect_equal((name + ", issued,").c_str(), issued_before_[kind] + wanted.issued, balance.issued);
    expect_equal((name + ", deferred,").c_str(), wanted.deferred, balance.deferred);
    expect_equal((name + ", live,").c_str(), wanted.live, balance.live);
    if (kind >= kNumbered) continue;
    // What one object takes is the author's to know; it is always the same.
    if (sizes_[kind] == 0 && wanted.alive != 0) sizes_[kind] = balance.bytes / wanted.alive;
    expect_equal((name + ", bytes,").c_str(), sizes_[kind] * wanted.alive, balance.bytes);
  }
}

// ---- Choosing ----

Argument Player::made_up(std::uint8_t by) {
  if (by % 2 == 0 || model_.words().empty()) return {0xFFFF'F000'0000'0001ULL + by, nullptr};
  return {model_.words()[by % model_.words().size()].value + (std::uint64_t{0x1000} << 24), nullptr};
}

// From 128 on, that of a word that the host has: random programs seldom hit one otherwise.
Kind Player::choose_kind(const Step& step, std::size_t count) {
  std::vector<Kind> kinds;
  for (const Word& word : model_.words()) {
    const bool is_live = word.is_token && word.fate == Word::Fate::live;
    if (is_live && static_cast<std::size_t>(word.object->kind) < count) kinds.push_back(word.object->kind);
  }
  if (step.detail < 128 || kinds.empty()) return static_cast<Kind>(step.detail % count);
  return kinds[step.detail % kinds.size()];
}

// Mostly a word that is right; one time in four any of its class; now and then another class's, a made-up
// one, null.
Argument Player::choose(Kind kind, std::uint8_t by, bool wants_token) {
  const std::uint8_t manner = by & 15;
  const std::size_t which = by >> 4;
  if (manner == 15) return {};
  if (manner == 14) return made_up(by);
  std::vector<Word*> fitting;
  for (auto each = model_.words().rbegin(); each != model_.words().rend(); ++each) {
    const bool is_any = manner == 13;
    const bool is_of_kind = each->object->kind == kind;
    const bool is_good = each->is_token ? each->fate == Word::Fate::live : !each->object->is_revoked;
    const bool is_right = is_of_kind && is_good && (!wants_token || each->is_token);
    if (is_any || (manner > 8 ? is_of_kind : is_right)) fitting.push_back(&*each);
  }
  if (fitting.empty()) return {};
  Word* const word = fitting[which % fitting.size()];
  return {word->value, word};
}

Player::Handler& Player::handler(std::uint8_t detail) {
  Handler& made = handlers_.emplace_back();
  made.player = this;
  made.steps = detail & 3;
  made.fails = (detail & 12) == 12;
  made.takes = detail & 16;
  return made;
}

// ---- Callbacks ----

void Player::run(unsigned steps) {
  compare();
  for (; steps != 0 && next_ < program_.size() && failure_.empty(); --steps) step();
}

tally_status Player::on_step(void* user, std::uint64_t number, tally_bool* out) {
  Handler& self = *static_cast<Handler*>(user);
  self.was_called = true;
  if (self.number != 0) self.player->expect_equal("a callback's argument", self.number, number);
  self.player->expect(self.released == 0, "called after its release");
  self.player->run(self.steps);
  *out = 1;
  return self.fails ? tally_fail(kCallbackFails, "as it was told") : TALLY_OK;
}

tally_status Player::on_write(void* user, const std::uint8_t*, std::size_t size, std::uint64_t* out) {
  Handler& self = *static_cast<Handler*>(user);
  self.was_called = true;
  self.player->expect(self.released == 0, "a method was called after the object's end");
  self.player->run(self.steps);
  *out = size;
  return self.fails ? tally_fail(kCallbackFails, "as it was told") : TALLY_OK;
}

tally_status Player::on_offer(void* user, const property_root* root, property_picture** what) {
  Handler& self = *static_cast<Handler*>(user);
  Player& player = *self.player;
  self.was_called = true;
  player.expect_equal("the number of the root that offers", self.root->number,
                      number_of(Kind::root, word_of(root)));
  if (self.takes) {
    const std::uint64_t token = word_of(*what);
    *what = nullptr;
    self.taken = &player.model_.know(token, *self.picture, true);
    player.expect_equal("the number of the picture that is offered", self.picture->number,
                        number_of(Kind::picture, token));
  }
  player.run(self.steps);
  return self.fails ? tally_fail(kCallbackFails, "as it was told") : TALLY_OK;
}

// ---- Creating ----

void Player::know(Object& object, std::uint64_t token) {
  model_.know(token, object, true);
  const Functions& functions = functions_of(object.kind);
  if (!functions.ref) return;
  model_.know(functions.ref(token), object, false);
  if (functions.number)
    expect_equal("the number of what was made", object.number, number_of(object.kind, token));
}

// The outcome of a call that makes an object.
void Player::make(Kind kind, Answer answer, tally_status status, std::uint64_t token, Object* parent) {
  expect_status(name_, answer, status);
  expect((token != 0) == answer.is_ok(), "made something else than its status says");
  if (answer.is_ok() && token != 0) know(model_.create(kind, parent), token);
}

void Player::create(const Step& step) {
  model_.hear_of_others();
  tally_error error{};
  switch (step.detail % 4) {
    case 0:
    case 1: {
      name_ = "root_create";
      const std::uint64_t token = word_of(property_root_create(&error));
      return make(Kind::root, {}, token ? TALLY_OK : error.status, token, nullptr);
    }
    case 2: {
      name_ = "picture_create";
      const std::uint64_t token = word_of(property_picture_create(&error));
      return make(Kind::picture, {}, token ? TALLY_OK : error.status, token, nullptr);
    }
    default: {
      name_ = "sink_create";
      Handler& methods = handler(step.other);
      const std::uint64_t token = word_of(property_sink_create(&kMethods, &methods, &error));
      expect(token != 0, "made no sink");
      if (token == 0) return;
      Object& sink = model_.create(Kind::sink);
      sink.given = &methods;
      know(sink, token);
    }
  }
}

void Player::make_child(const Step& step) {
  struct Way {
    const char* name;
    Kind from;
    Kind child;
    tally_status (*call)(std::uint64_t from, std::uint64_t* out);
  };
  static constexpr std::array<Way, 6> kWays{{
      {"root_leaf", Kind::root, Kind::leaf, make_with<property_root, property_leaf, property_root_leaf>},
      {"root_twig", Kind::root, Kind::twig, make_with<property_root, property_twig, property_root_twig>},
      {"leaf_again", Kind::leaf, Kind::leaf, make_with<property_leaf, property_leaf, property_leaf_again>},
      {"leaf_on", Kind::root, Kind::leaf, make_leaf_on},
      {"twig_bud", Kind::twig, Kind::bud, make_with<property_twig, property_bud, property_twig_bud>},
      {"twig_sprout", Kind::twig, Kind::sprout,
       make_with<property_twig, property_sprout, property_twig_sprout>},
  }};
  const Way& way = kWays[step.detail % kWays.size()];
  name_ = way.name;
  const Argument from = choose(way.from, step.object, false);
  if (way.call == make_leaf_on) model_.hear_of_others();
  Answer answer = model_.call(way.from, from.value, from.word);
  Object* parent = answer.is_ok() ? from.word->object : nullptr;
  if (parent && way.from == way.child) parent = parent->parent;
  const bool is_closed = parent && parent->is_revoked;  // it only waits for its children
  if (is_closed) {
    model_.skip_number();
    answer = {TALLY_GONE_WITH_PARENT, TALLY_GONE_WITH_PARENT};
  }
  std::uint64_t token = 0;
  const tally_status status = way.call(from.value, &token);
  make(way.child, answer, status, token, parent);
}

void Player::make_child_after(const Step& step) {
  const Argument from = choose(Kind::root, step.object, false);
  Answer answer = model_.call(Kind::root, from.value, from.word);
  Object* const parent = answer.is_ok() ? from.word->object : nullptr;
  Handler& called = handler(step.detail);
  if (parent) {
    called.number = parent->number;
    model_.enter(*parent);
  }
  const property_step given = callback(called);
  property_leaf* token = nullptr;
  const tally_status status = property_root_leaf_after(as<property_root>(from.value), &given, &token);
  name_ = "root_leaf_after";
  if (parent && called.fails) {
    answer = {kCallbackFails, kCallbackFails};
  } else if (parent && parent->is_revoked) {
    model_.skip_number();
    answer = {TALLY_GONE_WITH_PARENT, TALLY_GONE_WITH_PARENT};
  }
  called.expected += answer.is_ok() ? 1 : 0;
  make(Kind::leaf, answer, status, word_of(token), parent);
  if (parent) model_.leave(*parent);
}

// ---- Calling and destroying ----

void Player::call_number(const Step& step) {
  const Kind kind = static_cast<Kind>(step.detail % kNumbered);
  const Argument self = choose(kind, step.object, false);
  std::uint64_t number = 0;
  const tally_status status = functions_of(kind).number(self.value, &number);
  const Answer answer = model_.call(kind, self.value, self.word);
  expect_status("number", answer, status);
  if (answer.is_ok()) expect_equal("the number", self.word->object->number, number);
}

void Player::destroy(const Step& step) {
  const Kind kind = choose_kind(step, kKinds);
  const Argument owner = choose(kind, step.object, true);
  Answer answer = model_.destroy(kind, owner.value, owner.word);
  if (kind == Kind::blob || kind == Kind::view)
    return close_view({0, step.object, step.other, kind == Kind::view});
  const bool is_spent =
      answer.is_ok() && owner.word && owner.word->is_token && owner.word->fate == Word::Fate::live;
  const tally_status status = functions_of(kind).destroy(owner.value);
  if (is_spent) answer.status = answer.forgotten = model_.spend(*owner.word->object, owner.word);
  if (answer.is_ok()) model_.hear_of_others();
  expect_status("destroy", answer, status);
}

void Player::try_destroy(const Step& step) {
  const Kind kind = choose_kind(step, kKinds);
  if (!functions_of(kind).try_destroy) return;
  const Argument owner = choose(kind, step.object, true);
  Answer answer = model_.try_destroy(kind, owner.value, owner.word);
  std::uint64_t left = owner.value;
  const tally_status status = functions_of(kind).try_destroy(&left);
  const bool is_spent = answer.is_ok() && owner.word && owner.word->fate == Word::Fate::live;
  if (is_spent) answer.status = answer.forgotten = model_.spend(*owner.word->object, owner.word);
  if (answer.is_ok()) model_.hear_of_others();
  expect_status("try_destroy", answer, status);
  expect_equal("what is left of the token", status >= 0 ? 0 : owner.value, left);
}

// A destroy on another thread, of an object that belongs to this one.
void Player::destroy_elsewhere(const Step& step) {
  const Kind kind = choose_kind(step, 9);
  if (kind == Kind::sprout) return;  // when it ends, if it also ends with its parent, is not promised
  const Argument owner = choose(kind, step.object, true);
  Answer answer = model_.destroy(kind, owner.value, owner.word);
  const bool is_spent =
      answer.is_ok() && owner.word && owner.word->is_token && owner.word->fate == Word::Fate::live;
  tally_status status = TALLY_OK;
  std::thread([&] { status = functions_of(kind).destroy(owner.value); }).join();
  if (is_spent) {
    answer = {TALLY_DEFERRED, TALLY_DEFERRED};
    model_.spend_elsewhere(*owner.word->object, *owner.word);
  }
  expect_status("destroy on another thread", answer, status);
}

void Player::call_elsewhere(const Step& step) {
  const Kind kind = static_cast<Kind>(step.detail % kNumbered);
  const Argument self = choose(kind, step.object, false);
  Answer answer = model_.call(kind, self.value, self.word);
  if (answer.is_ok()) answer = {TALLY_WRONG_THREAD, TALLY_WRONG_THREAD};
  tally_status status = TALLY_OK;
  std::uint64_t number = 0;
  std::thread([&] { status = functions_of(kind).number(self.value, &number); }).join();
  expect_status("number on another thread", answer, status);
}

void Player::view(const Step& step) {
  struct Way {
    Kind kind;
    tally_status (*call)(std::uint64_t self, tally_view* out);
  };
  static constexpr std::array<Way, 4> kWays{{
      {Kind::root, view_with<property_root, property_root_content>},
      {Kind::leaf, view_with<property_leaf, property_leaf_text>},
      {Kind::sprout, view_with<property_sprout, property_sprout_text>},
      {Kind::picture, view_with<property_picture, property_picture_pixels>},
  }};
  const Way& way = kWays[step.detail % kWays.size()];
  const Argument self = choose(way.kind, step.object, false);
  Answer answer = model_.call(way.kind, self.value, self.word);
  if (answer.is_ok() && self.word->object->is_moving) answer = {TALLY_BORROWED, TALLY_BORROWED};
  tally_view opened{};
  const tally_status status = way.call(self.value, &opened);
  name_ = "a view";
  make(Kind::view, answer, status, word_of(opened.owner), answer.is_ok() ? self.word->object : nullptr);
}

// Of views and of blobs.
void Player::close_view(const Step& step) {
  const Kind kind = step.detail % 2 ? Kind::view : Kind::blob;
  const Argument owner = choose(kind, step.object, true);
  Answer answer = owner.value ? model_.take(kind, owner.value, owner.word) : Answer{};
  if (owner.word && owner.word->object->kind != kind) answer = {TALLY_WRONG_PAIR, TALLY_WRONG_PAIR};
  tally_view view{nullptr, 0, as<tally_view_owner>(owner.value)};
  tally_blob blob{nullptr, 0, as<tally_blob_owner>(owner.value)};
  const tally_status status = kind == Kind::view ? tally_view_close(&view) : tally_blob_free(&blob);
  if (answer.is_ok() && owner.word)
    answer.status = answer.forgotten = model_.spend(*owner.word->object, owner.word);
  if (answer.is_ok() && owner.word && kind == Kind::view) model_.hear_of_others();
  expect_status(kind == Kind::view ? "view_close" : "blob_free", answer, status);
}

void Player::change(const Step& step) {
  static constexpr std::array<Kind, 3> kChangeable{Kind::root, Kind::leaf, Kind::picture};
  const Kind kind = kChangeable[step.detail % kChangeable.size()];
  const Argument self = choose(kind, step.object, false);
  Answer answer = model_.call(kind, self.value, self.word);
  if (answer.is_ok() && Model::has_views(*self.word->object)) answer = {TALLY_BORROWED, TALLY_BORROWED};
  const tally_status status = kind == Kind::root ? property_root_change(as<property_root>(self.value))
                              : kind == Kind::leaf
                                  ? property_leaf_change(as<property_leaf>(self.value))
                                  : property_picture_change(as<property_picture>(self.value));
  expect_status("change", answer, status);
}

// ---- Memory ----

void Player::make_blob(const Step& step) {
  tally_blob made{};
  if (step.detail % 2) {
    name_ = "allocate";
    static constexpr std::array<std::uint64_t, 5> kAlignments{0, 1, 64, 4096, 3};
    const std::uint64_t alignment = kAlignments[step.other % kAlignments.size()];
    const Answer answer = alignment == 3 ? Answer{TALLY_INVALID_ARGUMENT, TALLY_INVALID_ARGUMENT} : Answer{};
    const tally_status status = property_allocate(step.other, alignment, 1, &made);
    for (std::size_t i = 0; status >= 0 && i < made.size; ++i) made.data[i] = 1;
    return make(Kind::blob, answer, status, word_of(made.owner), nullptr);
  }
  name_ = "root_copy";
  const Argument self = choose(Kind::root, step.object, false);
  const Answer answer = model_.call(Kind::root, self.value, self.word);
  const tally_status status = property_root_copy(as<property_root>(self.value), &made);
  make(Kind::blob, answer, status, word_of(made.owner), nullptr);
}

void Player::resize_blob(const Step& step) {
  const Argument owner = choose(Kind::blob, step.object, true);
  Answer answer = model_.take(Kind::blob, owner.value, owner.word);
  if (owner.word && owner.word->object->kind != Kind::blob) answer = {TALLY_WRONG_PAIR, TALLY_WRONG_PAIR};
  if (answer.is_ok()) answer.forgotten = TALLY_NOT_SUPPORTED;  // an author's container
  tally_blob blob{nullptr, 0, as<tally_blob_owner>(owner.value)};
  const tally_status status = tally_blob_resize(&blob, step.other);
  expect_status("blob_resize", answer, status);
  for (std::size_t i = 0; status >= 0 && i < blob.size; ++i) blob.data[i] = 1;
}

void Player::give_blob(const Step& step) {
  const bool fails = step.detail & 1;
  const bool is_kept = step.detail & 2;
  const Argument self = is_kept ? choose(Kind::root, step.other, false) : Argument{};
  const Argument owner = choose(Kind::blob, step.object, true);
  Answer answer = is_kept ? model_.call(Kind::root, self.value, self.word) : Answer{};
  if (answer.is_ok()) answer = model_.take(Kind::blob, owner.value, owner.word);
  tally_blob blob{nullptr, 0, as<tally_blob_owner>(owner.value)};
  std::uint64_t sum = 0;
  const tally_status status = is_kept ? property_root_store(as<property_root>(self.value), &blob, fails)
                                      : property_add_up(&blob, fails, &sum);
  if (answer.is_ok() && status == TALLY_LIMIT_REACHED && kIsScarce) {
    answer = {status, status};
  } else if (answer.is_ok() && fails) {
    answer = {kRefused, kRefused};
  } else if (answer.is_ok()) {
    model_.give_away(*owner.word);
    Object* const old =
        is_kept ? std::exchange(self.word->object->data, owner.word->object) : owner.word->object;
    model_.drop(old);
  }
  expect_status(is_kept ? "root_store" : "add_up", answer, status);
  expect((blob.owner == nullptr) == (answer.is_ok() || owner.value == 0),
         "the blob is not left as it must be");
}

// ---- Callbacks ----

void Player::call_back(const Step& step) {
  const bool is_kept = step.other & 1;
  const bool refuses = is_kept && (step.other & 6) == 6;
  const Argument self = choose(Kind::root, step.object, false);
  Answer answer = model_.call(Kind::root, self.value, self.word);
  Object* const object = answer.is_ok() ? self.word->object : nullptr;
  Handler& called = handler(step.detail);
  if (object) {
    called.number = object->number;
    model_.enter(*object);
  }
  const property_step given = callback(called);
  std::uint64_t out = 0;
  const tally_status status = is_kept ? property_root_keep(as<property_root>(self.value), &given, refuses)
                                      : property_root_call(as<property_root>(self.value), &given, &out);
  name_ = is_kept ? "root_keep" : "root_call";
  if (object && refuses) answer = {kRefused, kRefused};
  if (object && !is_kept && called.fails) answer = {kCallbackFails, kCallbackFails};
  if (object && answer.is_ok() && is_kept) {
    Given* const old = std::exchange(object->callback, &called);
    if (old) ++old->expected;
  }
  if (object && answer.is_ok() && !is_kept) ++called.expected;
  expect_status(name_, answer, status);
  expect(called.was_called == (object && !is_kept), "the callback was not called as it should be");
  if (object) model_.leave(*object);
}

void Player::fire(const Step& step) {
  const Argument self = choose(Kind::root, step.object, false);
  Answer answer = model_.call(Kind::root, self.value, self.word);
  Object* const object = answer.is_ok() ? self.word->object : nullptr;
  auto* const called = object ? static_cast<Handler*>(std::exchange(object->callback, nullptr)) : nullptr;
  if (object) model_.enter(*object);
  std::uint64_t out = 0;
  const tally_status status = property_root_fire(as<property_root>(self.value), &out);
  if (object && !called) answer = {kRefused, kRefused};
  if (called && called->fails) answer = {kCallbackFails, kCallbackFails};
  if (called && !object->callback) {
    object->callback = called;
  } else if (called) {
    ++called->expected;
  }
  expect_status("root_fire", answer, status);
  if (object) model_.leave(*object);
}

// ---- Giving ----

// A call that takes an object, calls back, and keeps the object or refuses it.
template <class Call>
void Player::keep_taken(const Step& step, Kind kind, Call&& call, Object* Object::*place, const char* name) {
  const bool refuses = step.detail & 32;
  const Argument self = choose(Kind::root, step.other, false);
  const Argument given = choose(kind, step.object, true);
  Answer answer = model_.call(Kind::root, self.value, self.word);
  Object* const object = answer.is_ok() ? self.word->object : nullptr;
  if (object) {
    answer = model_.take(kind, given.value, given.word);
    model_.enter(*object);
  }
  Object* const taken = object && answer.is_ok() ? given.word->object : nullptr;
  Handler& called = handler(step.detail);
  if (taken) {
    called.number = taken->number;
    model_.give_away(*given.word);
    model_.enter(*taken);
  }
  const property_step handed = callback(called);
  std::uint64_t left = given.value;
  const tally_status status = call(self.value, &left, &handed, refuses);
  name_ = name;
  if (taken && called.fails) answer = {kCallbackFails, kCallbackFails};
  if (taken && !called.fails && refuses) answer = {kRefused, kRefused};
  expect_status(name, answer, status);
  expect_equal("what is left of the token", taken && answer.is_ok() ? 0 : given.value, left);
  Object* old = nullptr;
  if (taken && answer.is_ok()) {
    ++called.expected;
    old = std::exchange(object->*place, taken);
  } else if (taken) {
    model_.give_back(*given.word);
  }
  if (taken) model_.leave(*taken);
  model_.drop(old);
  if (object) model_.leave(*object);
}

void Player::hold(const Step& step) {
  keep_taken(
      step, Kind::picture,
      [](std::uint64_t self, std::uint64_t* given, const property_step* handler, bool refuses) {
        auto* token = as<property_picture>(*given);
        const tally_status status = property_root_hold(as<property_root>(self), &token, handler, refuses);
        *given = word_of(token);
        return status;
      },
      &Object::picture, "root_hold");
}

void Player::graft(const Step& step) {
  keep_taken(
      step, Kind::twig,
      [](std::uint64_t self, std::uint64_t* given, const property_step* handler, bool refuses) {
        auto* token = as<property_twig>(*given);
        const tally_status status = property_root_graft(as<property_root>(self), &token, handler, refuses);
        *given = word_of(token);
        return status;
      },
      &Object::twig, "root_graft");
}

void Player::let_go(const Step& step) {
  const Argument self = choose(Kind::root, step.object, false);
  Answer answer = model_.call(Kind::root, self.value, self.word);
  Object* const picture = answer.is_ok() ? std::exchange(self.word->object->picture, nullptr) : nullptr;
  if (answer.is_ok() && !picture) answer = {kRefused, kRefused};
  property_picture* token = nullptr;
  const tally_status status = property_root_let_go(as<property_root>(self.value), &token);
  expect_status("root_let_go", answer, status);
  expect((token != nullptr) == (picture != nullptr), "let go of something else than its status says");
  if (picture && token) know(*picture, word_of(token));
}

void Player::hand_on(const Step& step) {
  const Argument self = choose(Kind::root, step.object, false);
  Answer answer = model_.call(Kind::root, self.value, self.word);
  Object* const object = answer.is_ok() ? self.word->object : nullptr;
  Handler& called = handler(step.detail);
  called.root = object;
  called.picture = object ? std::exchange(object->picture, nullptr) : nullptr;
  if (object) model_.enter(*object);
  const property_offer given{on_offer, &called, on_release};
  const tally_status status = property_root_hand_on(as<property_root>(self.value), &given);
  if (object && !called.picture) answer = {kRefused, kRefused};
  if (object && called.picture && called.fails) answer = {kCallbackFails, kCallbackFails};
  called.expected += object && answer.is_ok() ? 1 : 0;
  if (called.picture && !called.taken) {
    if (!object->picture) {
      object->picture = called.picture;
    } else {
      model_.drop(called.picture);
    }
  }
  expect_status("root_hand_on", answer, status);
  if (object) model_.leave(*object);
}

void Player::look(const Step& step) {
  const Argument self = choose(Kind::root, step.object, false);
  const Argument lent = choose(Kind::picture, step.other, false);
  Answer answer = model_.call(Kind::root, self.value, self.word);
  Object* const object = answer.is_ok() ? self.word->object : nullptr;
  if (object) {
    answer = model_.call(Kind::picture, lent.value, lent.word);
    model_.enter(*object);
  }
  Object* const picture = object && answer.is_ok() ? lent.word->object : nullptr;
  if (picture) model_.enter(*picture);
  Handler& called = handler(step.detail);
  const property_step given = callback(called);
  std::uint64_t number = 0;
  const tally_status status =
      property_root_look(as<property_root>(self.value), as<property_picture>(lent.value), &given, &number);
  if (picture && called.fails) answer = {kCallbackFails, kCallbackFails};
  expect_status("root_look", answer, status);
  if (picture && answer.is_ok()) {
    ++called.expected;
    expect_equal("the number that was seen", picture->number, number);
  }
  if (picture) model_.leave(*picture);
  if (object) model_.leave(*object);
}

void Player::swap(const Step& step) {
  const Argument self = choose(Kind::root, step.detail, false);
  const Argument given = choose(Kind::picture, step.object, true);
  const Argument lent = choose(Kind::picture, step.other, false);
  Answer answer = model_.call(Kind::root, self.value, self.word);
  if (answer.is_ok()) answer = model_.call(Kind::picture, lent.value, lent.word);
  if (answer.is_ok()) answer = model_.take(Kind::picture, given.value, given.word);
  if (answer.is_ok() && lent.word->object == given.word->object) answer = {TALLY_BORROWED, TALLY_BORROWED};
  auto* token = as<property_picture>(given.value);
  const tally_status status =
      property_root_swap(as<property_root>(self.value), &token, as<property_picture>(lent.value));
  expect_status("root_swap", answer, status);
  expect_equal("what is left of the token", answer.is_ok() ? 0 : given.value, word_of(token));
  if (!answer.is_ok()) return;
  model_.give_away(*given.word);
  model_.drop(std::exchange(self.word->object->picture, given.word->object));
}

// ---- The host's objects ----

void Player::attach(const Step& step) {
  const Argument self = choose(Kind::root, step.other, false);
  const Argument given = choose(Kind::sink, step.object, true);
  Answer answer = model_.call(Kind::root, self.value, self.word);
  if (answer.is_ok()) answer = model_.take(Kind::sink, given.value, given.word);
  auto* token = as<property_sink>(given.value);
  const tally_status status = property_root_attach(as<property_root>(self.value), &token);
  expect_status("root_attach", answer, status);
  expect_equal("what is left of the token", answer.is_ok() ? 0 : given.value, word_of(token));
  if (!answer.is_ok()) return;
  model_.give_away(*given.word);
  model_.drop(std::exchange(self.word->object->sink, given.word->object));
}

void Player::write(const Step& step) {
  const Argument self = choose(Kind::root, step.object, false);
  Answer answer = model_.call(Kind::root, self.value, self.word);
  Object* const object = answer.is_ok() ? self.word->object : nullptr;
  Object* const sink = object ? std::exchange(object->sink, nullptr) : nullptr;
  if (object) model_.enter(*object);
  std::uint64_t out = 0;
  const tally_status status = property_root_write(as<property_root>(self.value), &out);
  if (object && !sink) answer = {kRefused, kRefused};
  if (sink && static_cast<Handler*>(sink->given)->fails) answer = {kCallbackFails, kCallbackFails};
  if (sink && !object->sink) {
    object->sink = sink;
  } else {
    model_.drop(sink);
  }
  expect_status("root_write", answer, status);
  if (object) model_.leave(*object);
}

void Player::write_to_sink(const Step& step) {
  const Argument self = choose(Kind::sink, step.object, false);
  Answer answer = model_.call(Kind::sink, self.value, self.word);
  Object* const object = answer.is_ok() ? self.word->object : nullptr;
  if (object) model_.enter(*object);
  std::uint64_t out = 0;
  const std::uint8_t chunk[3] = {1, 2, 3};
  const tally_status status = property_sink_write(as<property_sink>(self.value), chunk, sizeof chunk, &out);
  if (object && static_cast<Handler*>(object->given)->fails) answer = {kCallbackFails, kCallbackFails};
  expect_status("sink_write", answer, status);
  if (object) model_.leave(*object);
}

// ---- Consuming ----

void Player::end_root(const Step& step) {
  const bool refuses = step.detail & 32;
  const Argument self = choose(Kind::root, step.object, true);
  Answer answer = model_.take(Kind::root, self.value, self.word);
  if (answer.is_ok() && (Model::has_views(*self.word->object) || self.word->object->inside != 0))
    answer = {TALLY_BORROWED, TALLY_BORROWED};
  Object* const object = answer.is_ok() ? self.word->object : nullptr;
  Handler& called = handler(step.detail);
  if (object) {
    called.number = object->number;
    model_.enter(*object);
    object->is_moving = true;
  }
  const property_step given = callback(called);
  auto* token = as<property_root>(self.value);
  std::uint64_t out = 0;
  const tally_status status = property_root_end(&token, &given, refuses, &out);
  if (object && called.fails) answer = {kCallbackFails, kCallbackFails};
  if (object && !called.fails && refuses) answer = {kRefused, kRefused};
  expect_status("root_end", answer, status);
  expect_equal("what is left of the token", object && answer.is_ok() ? 0 : self.value, word_of(token));
  if (!object) return;
  if (answer.is_ok()) ++called.expected;
  object->is_moving = false;
  model_.leave(*object);
  if (answer.is_ok() && self.word->fate == Word::Fate::live) model_.spend(*object, self.word);
}

void Player::end_other(const Step& step) {
  const Kind kind = step.detail % 2 ? Kind::twig : Kind::leaf;
  const Argument self = choose(kind, step.object, true);
  Answer answer = model_.take(kind, self.value, self.word);
  if (answer.is_ok() && (Model::has_views(*self.word->object) || self.word->object->inside != 0))
    answer = {TALLY_BORROWED, TALLY_BORROWED};
  std::uint64_t left = self.value;
  std::uint64_t number = 0;
  const tally_status status = kind == Kind::twig ? end_with<property_twig, property_twig_end>(&left, &number)
                                                 : end_with<property_leaf, property_leaf_end>(&left, &number);
  expect_status("end", answer, status);
  expect_equal("what is left of the token", answer.is_ok() ? 0 : self.value, left);
  if (!answer.is_ok()) return;
  expect_equal("the number of what ended", self.word->object->number, number);
  model_.spend(*self.word->object, self.word);
}

// ---- References, words, arrays ----

void Player::retain(const Step& step) {
  const bool is_sprout = step.detail % 2;
  const Kind kind = is_sprout ? Kind::sprout : Kind::picture;
  const Argument self = choose(kind, step.object, false);
  const Answer answer = model_.call(kind, self.value, self.word);
  tally_error error{};
  const std::uint64_t token =
      is_sprout ? word_of(property_sprout_retain(as<property_sprout>(self.value), &error))
                : word_of(property_picture_retain(as<property_picture>(self.value), &error));
  expect_status("retain", answer, token ? TALLY_OK : error.status);
  if (!answer.is_ok() || !token) return;
  model_.retain(*self.word->object);
  know(*self.word->object, token);
}

void Player::compare_words(const Step& step) {
  const Kind kind = static_cast<Kind>(step.detail % 9);
  const Argument a = choose(kind, step.object, false);
  const Argument b = choose(kind, step.other, false);
  const bool are_good =
      model_.call(kind, a.value, a.word).is_ok() && model_.call(kind, b.value, b.word).is_ok();
  if (!are_good) return;  // of others, they may still know the handles
  name_ = "same";
  const Functions& functions = functions_of(kind);
  const bool are_same = a.word->object == b.word->object;
  expect(functions.same(a.value, b.value) == are_same, "took one object for another");
  expect((functions.id(a.value) == functions.id(b.value)) == are_same,
         "the ids are not those of the objects");
}

void Player::make_array(const Step& step) {
  const std::uint64_t count = step.object % 6;
  const std::uint64_t most = step.other % 16;
  tally_error error{};
  model_.hear_of_others();
  property_cell_array* const token = property_cell_array_create(count, most, &error);
  std::vector<Object*> made;
  std::uint64_t alive = model_.figures()[static_cast<std::size_t>(Kind::cell)].alive;
  Answer answer;
  while (made.size() < count && answer.is_ok()) {
    if (++alive > most) {
      model_.skip_number();
      answer = {kRefused, kRefused};
    } else {
      made.push_back(&model_.create(Kind::cell));
    }
  }
  expect_status("cell_array_create", answer, token ? TALLY_OK : error.status);
  if (!answer.is_ok() || !token) {
    for (Object* const each : made) model_.drop(each);
    return;
  }
  Object& array = model_.create(Kind::cells);
  array.elements = made;
  know(array, word_of(token));
  for (std::size_t i = 0; i < made.size(); ++i) {
    const property_cell* element = nullptr;
    expect_status("cell_array_at", {}, property_cell_array_at(token, i, &element));
    model_.know(word_of(element), *made[i], false);
  }
}

void Player::look_into_array(const Step& step) {
  if (step.detail % 2) {
    const std::uint64_t most = step.other % 16;
    tally_error error{};
    model_.hear_of_others();
    const std::uint64_t token = word_of(property_cell_create(most, &error));
    const bool is_one_more = model_.figures()[static_cast<std::size_t>(Kind::cell)].alive + 1 > most;
    if (is_one_more) model_.skip_number();
    name_ = "cell_create";
    return make(Kind::cell, is_one_more ? Answer{kRefused, kRefused} : Answer{},
                token ? TALLY_OK : error.status, token, nullptr);
  }
  const Argument self = choose(Kind::cells, step.object, false);
  Answer answer = model_.call(Kind::cells, self.value, self.word);
  std::uint64_t size = 0;
  expect_status("cell_array_size", answer,
                property_cell_array_size(as<property_cell_array>(self.value), &size));
  if (answer.is_ok()) expect_equal("the size", self.word->object->elements.size(), size);
  if (answer.is_ok() && step.other % 8 >= size) answer = {TALLY_INVALID_ARGUMENT, TALLY_INVALID_ARGUMENT};
  const property_cell* element = nullptr;
  expect_status("cell_array_at", answer,
                property_cell_array_at(as<property_cell_array>(self.value), step.other % 8, &element));
  if (answer.is_ok())
    expect_equal("the number of an element", self.word->object->elements[step.other % 8]->number,
                 number_of(Kind::cell, word_of(element)));
}

// ---- All of it ----

void Player::step() {
  const Step& step = program_[next_++];
  (this->*kPlays[step.operation % kOperations])(step);
  compare();
}

// Every token that the host has left; then nothing is.
void Player::give_everything_back() {
  for (std::size_t i = 0; i < model_.words().size() && failure_.empty(); ++i) {
    Word& word = model_.words()[i];
    if (!word.is_token || word.fate != Word::Fate::live) continue;
    const Kind kind = word.object->kind;
    tally_view view{nullptr, 0, as<tally_view_owner>(word.value)};
    tally_blob blob{nullptr, 0, as<tally_blob_owner>(word.value)};
    const tally_status status = kind == Kind::view   ? tally_view_close(&view)
                                : kind == Kind::blob ? tally_blob_free(&blob)
                                                     : functions_of(kind).destroy(word.value);
    const tally_status wanted = model_.spend(*word.object, &word);
    if (kind != Kind::blob) model_.hear_of_others();
    expect_status("the last destroy", {wanted, wanted}, status);
    compare();
  }
  if (!failure_.empty()) return;
  name_ = "the end";
  model_.hear_of_others();
  tally_collect();
  compare();
  for (const Model::Figures& each : model_.figures()) expect_equal("what is left", 0, each.live + each.alive);
}

}  // namespace

std::string play(const std::vector<Step>& program) {
  return Player(program).play();
}

std::string to_text(const std::vector<Step>& program) {
  std::ostringstream text;
  for (const Step& step : program)
    text << step.operation % kOperations << ' ' << +step.object << ' ' << +step.other << ' ' << +step.detail
         << '\n';
  return text.str();
}

std::vector<Step> from_text(const std::string& text) {
  std::vector<Step> program;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    if (!(std::istringstream(line) >> a >> b >> c >> d)) continue;  // a comment
    program.push_back({static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b),
                       static_cast<std::uint8_t>(c), static_cast<std::uint8_t>(d)});
  }
  return program;
}

}  // namespace property_test
