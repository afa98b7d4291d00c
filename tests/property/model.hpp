// The rules of ownership, small and slow: what every word stands for, who holds whom, and what a call must
// answer. Knows nothing of slots, generations or lanes.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "tally/status.h"

namespace property_test {

enum class Kind : std::uint8_t { root, leaf, twig, bud, picture, sprout, cell, cells, sink, blob, view };
inline constexpr std::size_t kKinds = 11;
inline constexpr std::size_t kNumbered = 7;  // the first ones are the author's, who numbers them

/// A callback or an implementation that the host has given: how often it must have been let go of.
struct Given {
  int released = 0;  // by the module
  int expected = 0;
};

struct Object {
  Kind kind{};
  std::uint64_t number = 0;  // in the order of construction, of the author's
  Object* parent = nullptr;
  std::vector<Object*> children;  // that have not ended, views included
  int tokens = 1;                 // live ones, the module's included
  int spent_elsewhere = 0;        // of these: other threads have spent them, and this one has not heard of it
  int inside = 0;                 // calls under way
  bool is_moving = false;         // one of them consumes it, so that no view of it can be opened
  bool is_revoked = false;        // nobody can call it any more
  bool has_gone_with_parent = false;
  bool has_ended = false;  // its destructor has run

  // What the author's code keeps in it.
  Object* data = nullptr;
  Given* callback = nullptr;
  Object* picture = nullptr;
  Object* twig = nullptr;
  Object* sink = nullptr;
  std::vector<Object*> elements;
  Given* given = nullptr;  // of a sink
};

/// A word that the host has, or has had.
struct Word {
  enum class Fate : std::uint8_t { live, given_away, spent, gone_with_parent };
  std::uint64_t value;
  Object* object;
  bool is_token;
  Fate fate = Fate::live;        // of a token
  std::uint64_t retired_as = 0;  // how many words of its class were retired before it
};

/// What a call may answer: a word that was retired long ago is known to be retired, but not how.
struct Answer {
  tally_status status = TALLY_OK;
  tally_status forgotten = TALLY_OK;
  bool allows(tally_status actual) const { return actual == status || actual == forgotten; }
  bool is_ok() const { return status >= 0; }
};

class Model {
 public:
  /// `last_number` is that of the last object which the author's code has made.
  explicit Model(std::uint64_t last_number) : last_number_(last_number) {}

  // ---- What happens ----

  Object& create(Kind kind, Object* parent = nullptr);
  /// An object was constructed, and ended again before anybody knew of it.
  void skip_number() { ++last_number_; }
  Word& know(std::uint64_t value, Object& object, bool is_token);

  void enter(Object& object) { ++object.inside; }
  void leave(Object& object);
  void retain(Object& object);
  /// One token is spent; its word too, if the host knew it.
  tally_status spend(Object& object, Word* word);
  /// The same on another thread: this one hears of it when it next creates or destroys.
  void spend_elsewhere(Object& object, Word& word);
  void hear_of_others();
  /// What the module holds is dropped.
  void drop(Object* held);
  void give_away(Word& word) { retire(word, Word::Fate::given_away); }
  /// It came to nothing.
  void give_back(Word& word);

  // ---- What calls answer ----

  /// `word` is null for null and for made-up words.
  Answer call(Kind kind, std::uint64_t value, const Word* word) const;
  Answer take(Kind kind, std::uint64_t value, const Word* word) const;
  Answer destroy(Kind kind, std::uint64_t value, const Word* word) const;
  Answer try_destroy(Kind kind, std::uint64_t value, const Word* word) const;
  static bool has_views(const Object& object);

  // ---- What must be true at any time ----

  struct Figures {
    std::uint64_t issued = 0;
    std::uint64_t live = 0;
    std::uint64_t deferred = 0;
    std::uint64_t alive = 0;  // objects that have not ended
  };
  std::array<Figures, kKinds> figures() const;
  std::deque<Word>& words() { return words_; }

 private:
  static bool ends_with_parent(Kind kind) { return kind == Kind::twig || kind == Kind::sprout; }
  void retire(Word& word, Word::Fate fate);
  void revoke(Object& object);
  void settle(Object& object);
  void settle_with_children(Object& object);
  void end(Object& object);
  tally_status forgotten(const Word& word, tally_status known, tally_status general) const;
  Answer dead_handle(const Word& word) const;

  std::uint64_t last_number_;
  std::deque<Object> objects_;
  std::deque<Word> words_;
  std::vector<Object*> spent_elsewhere_;
  std::array<std::uint64_t, kKinds> issued_{};
  std::array<std::uint64_t, kKinds> retired_{};  // words
};

}  // namespace property_test
