// The rules for objects that several threads may use, one step after the other: small, slow, and without a
// thread in it. Knows nothing of slots, generations, notes or locks.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <vector>

#include "tally/status.h"

namespace histories_test {

enum class Kind : std::uint8_t { plate, badge, pen, hall, bench, seat, room, chair, lamp, view };
inline constexpr std::size_t kKinds = 10;

constexpr bool ends_with_parent(Kind kind) {
  return kind == Kind::seat || kind == Kind::lamp;
}
/// Whether one thread at a time may be inside; of some, inside the whole family.
constexpr bool is_one_at_a_time(Kind kind) {
  return kind == Kind::pen || kind == Kind::room || kind == Kind::chair || kind == Kind::lamp;
}

inline constexpr int kNone = -1;
inline constexpr std::size_t kMostObjects = 24;
inline constexpr std::size_t kMostTokens = 48;

/// All objects and tokens that there may be, by number: of which kind, whose child, and of which object.
struct World {
  struct Object {
    Kind kind;
    int parent = kNone;
    /// 0, or a number that it shares with those of its kind that have been in its place before. A call with
    /// the word of one that has ended can be taken for one of its successor, until it is refused.
    std::uint32_t place = 0;
  };
  std::vector<Object> objects;
  std::vector<int> object_of;  // each token

  int add_object(Kind kind, int parent = kNone);
  int add_token(int object);
  Kind kind(int object) const { return objects[static_cast<std::size_t>(object)].kind; }
  int parent(int object) const { return objects[static_cast<std::size_t>(object)].parent; }
  /// That one thread at a time may be inside, together with the object.
  int family(int object) const;
  /// Whether a note of one may be one of the other.
  bool are_taken_for_one(int a, int b) const;
};

/// What happens at one moment. A call that the author's code takes part in is of several.
enum class Event : std::uint8_t {
  made,        ///< an object, with its token `made`; of a child: it has joined its parent
  entered,     ///< a call is let in, or is not
  taken,       ///< an own argument: `token` is given away, the module's is `made`
  returned,    ///< the reverse: the module's `token` is retired, the host's is `made`
  given_back,  ///< the taking came to nothing: the module's `token` was never, the host's, `made`, is good
  consuming,   ///< a call that consumes its object has begun: nobody else can call it
  consumed,    ///< it has succeeded
  resumed,     ///< it has failed
  retained,    ///< one more token, `made`
  referred,    ///< a handle was had from a word
  moving,      ///< a call that moves what views would show has begun
  moved,       ///< and has ended
  destroyed,   ///< or released, or a view closed
  tried,       ///< try_destroy
  ended,       ///< the destructor has run, and the parent has no such child any more
};

struct Step {
  Event event;
  int thread = 0;
  int object = kNone;
  int token = kNone;  ///< the word that is used; none: the object's handle
  int made = kNone;
  tally_status status = TALLY_OK;
  // It has happened at some moment in between.
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

/// That which does not depend on the order: what other threads did to the object, or its family, meanwhile.
struct Circumstances {
  bool is_in_the_way = false;     ///< another thread was inside the object, or tried to be
  bool is_family_used = false;    ///< or inside one of its family
  bool runs_destructor = false;   ///< the object's destructor has run between `from` and `to`
  std::uint32_t held_others = 0;  ///< a bit for each object that `is_in_the_way` would be true of
};

enum class Fate : std::uint8_t { none, live, given_away, spent, gone_with_parent };

/// What there is at one moment.
class State {
 public:
  /// Whether the step can be answered so now, in the order of a single thread. If so, it has happened.
  bool happens(const World& world, const Step& step, const Circumstances& meanwhile);

  std::strong_ordering operator<=>(const State&) const = default;

 private:
  struct Object {
    bool is_made = false;
    bool is_consumed = false;  // by a call that has not ended
    bool has_gone = false;     // with its parent
    bool has_ended = false;
    std::uint8_t moving = 0;  // calls
    std::strong_ordering operator<=>(const Object&) const = default;
  };

  Object& object(int number) { return objects_[static_cast<std::size_t>(number)]; }
  const Object& object(int number) const { return objects_[static_cast<std::size_t>(number)]; }
  Fate& fate(int token) { return tokens_[static_cast<std::size_t>(token)]; }
  Fate fate(int token) const { return tokens_[static_cast<std::size_t>(token)]; }

  int tokens(const World& world, int of) const;
  bool is_open(const World& world, int of) const;
  enum class Children : std::uint8_t { views, others };
  bool has(Children which, const World& world, int parent) const;
  bool may_wait(const World& world, int of, const Circumstances& meanwhile) const;

  tally_status to_call(const World& world, const Step& step) const;
  tally_status to_take(const Step& step) const;

  bool makes(const World& world, const Step& step);
  bool enters(const World& world, const Step& step, const Circumstances& meanwhile) const;
  bool takes(const Step& step);
  bool begins_consuming(const World& world, const Step& step, const Circumstances& meanwhile);
  bool is_consumed(const World& world, const Step& step);
  bool retains(const World& world, const Step& step);
  bool refers(const World& world, const Step& step) const;
  bool moves(const World& world, const Step& step);
  bool destroys(const World& world, const Step& step, const Circumstances& meanwhile);
  bool tries(const World& world, const Step& step, const Circumstances& meanwhile);
  bool ends(const World& world, const Step& step);

  void spend(const World& world, int token, int of);
  void revoke_children(const World& world, int parent);

  std::array<Fate, kMostTokens> tokens_{};
  std::array<Object, kMostObjects> objects_{};
};

}  // namespace histories_test
