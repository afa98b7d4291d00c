// What every class of histories.h has, under one name, with words as numbers.
#pragma once

#include <array>
#include <cstdint>

#include "histories.h"
#include "model.hpp"
#include "tally/error.h"
#include "tally/view.h"

namespace histories_test {

using Word = std::uint64_t;

template <class Opaque>
Opaque* as(Word word) {
  return reinterpret_cast<Opaque*>(word);  // NOLINT(performance-no-int-to-ptr)
}
inline Word word_of(const void* pointer) {
  return reinterpret_cast<Word>(pointer);
}

/// Null where a class has none. What makes a token sets *out, to 0 on failure.
struct Functions {
  tally_status (*destroy)(Word owner) = nullptr;
  tally_status (*try_destroy)(Word* owner) = nullptr;
  Word (*ref)(Word self) = nullptr;
  tally_status (*number)(Word self, std::uint64_t* out) = nullptr;
  /// `from` is the parent; 0 for classes without one.
  tally_status (*make)(Word from, std::uint64_t number, Word* out) = nullptr;
  tally_status (*end)(Word* self, bool fail) = nullptr;
  tally_status (*pass)(Word* what, bool fail, Word* out) = nullptr;
  tally_status (*show)(Word self, Word* out) = nullptr;
};

template <class Opaque, auto kDestroy>
tally_status destroy_with(Word owner) {
  return kDestroy(as<Opaque>(owner));
}
template <class Opaque, auto kTryDestroy>
tally_status try_destroy_with(Word* owner) {
  auto* token = as<Opaque>(*owner);
  const tally_status status = kTryDestroy(&token);
  *owner = word_of(token);
  return status;
}
template <class Opaque, auto kRef>
Word ref_with(Word self) {
  return word_of(kRef(as<Opaque>(self)));
}
template <class Opaque, auto kNumber>
tally_status number_with(Word self, std::uint64_t* out) {
  return kNumber(as<Opaque>(self), out);
}
template <auto kCreate>
tally_status create_with(Word, std::uint64_t number, Word* out) {
  tally_error error{};
  *out = word_of(kCreate(number, &error));
  return *out != 0 ? TALLY_OK : error.status;
}
template <class Parent, class Opaque, auto kMake>
tally_status make_with(Word from, std::uint64_t number, Word* out) {
  Opaque* token = nullptr;
  const tally_status status = kMake(as<Parent>(from), number, &token);
  *out = word_of(token);
  return status;
}
template <class Opaque, auto kEnd>
tally_status end_with(Word* self, bool fail) {
  auto* token = as<Opaque>(*self);
  const tally_status status = kEnd(&token, fail ? 1 : 0);
  *self = word_of(token);
  return status;
}
template <class Opaque, auto kPass>
tally_status pass_with(Word* what, bool fail, Word* out) {
  auto* token = as<Opaque>(*what);
  Opaque* made = nullptr;
  const tally_status status = kPass(&token, fail ? 1 : 0, &made);
  *what = word_of(token);
  *out = word_of(made);
  return status;
}
template <class Opaque, auto kShow>
tally_status show_with(Word self, Word* out) {
  tally_view view{};
  const tally_status status = kShow(as<Opaque>(self), &view);
  *out = word_of(view.owner);
  return status;
}
inline tally_status close_view(Word owner) {
  tally_view view{};
  view.owner = as<tally_view_owner>(owner);
  return tally_view_close(&view);
}

#define HISTORIES_CLASS(name)                                \
  .ref = ref_with<histories_##name, histories_##name##_ref>, \
  .number = number_with<histories_##name, histories_##name##_number>
#define HISTORIES_ENDS(name)                                             \
  .destroy = destroy_with<histories_##name, histories_##name##_destroy>, \
  .try_destroy = try_destroy_with<histories_##name, histories_##name##_try_destroy>
#define HISTORIES_MAKE(parent, name) \
  make_with<histories_##parent, histories_##name, histories_##parent##_##name>
#define HISTORIES_PASS(name) pass_with<histories_##name, histories_pass_##name>
#define HISTORIES_END(name) end_with<histories_##name, histories_##name##_end>
#define HISTORIES_SHOW(name) show_with<histories_##name, histories_##name##_name>

inline const Functions& functions_of(Kind kind) {
  static constexpr std::array<Functions, kKinds> kAll{{
      {HISTORIES_ENDS(plate), HISTORIES_CLASS(plate), .make = create_with<histories_plate_create>,
       .end = HISTORIES_END(plate), .pass = HISTORIES_PASS(plate)},
      {.destroy = destroy_with<histories_badge, histories_badge_release>,
       HISTORIES_CLASS(badge),
       .make = create_with<histories_badge_create>,
       .pass = HISTORIES_PASS(badge)},
      {HISTORIES_ENDS(pen), HISTORIES_CLASS(pen), .make = create_with<histories_pen_create>,
       .end = HISTORIES_END(pen), .pass = HISTORIES_PASS(pen)},
      {HISTORIES_ENDS(hall), HISTORIES_CLASS(hall), .make = create_with<histories_hall_create>,
       .end = HISTORIES_END(hall), .pass = HISTORIES_PASS(hall), .show = HISTORIES_SHOW(hall)},
      {HISTORIES_ENDS(bench), HISTORIES_CLASS(bench), .make = HISTORIES_MAKE(hall, bench)},
      {HISTORIES_ENDS(seat), HISTORIES_CLASS(seat), .make = HISTORIES_MAKE(hall, seat)},
      {HISTORIES_ENDS(room), HISTORIES_CLASS(room), .make = create_with<histories_room_create>,
       .show = HISTORIES_SHOW(room)},
      {HISTORIES_ENDS(chair), HISTORIES_CLASS(chair), .make = HISTORIES_MAKE(room, chair)},
      {HISTORIES_ENDS(lamp), HISTORIES_CLASS(lamp), .make = HISTORIES_MAKE(room, lamp)},
      {.destroy = close_view},
  }};
  return kAll[static_cast<std::size_t>(kind)];
}

}  // namespace histories_test
