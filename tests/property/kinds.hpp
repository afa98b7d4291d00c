// What every class of property.h has, under one name, with words as numbers.
#pragma once

#include <array>
#include <cstdint>

#include "model.hpp"
#include "property.h"

namespace property_test {

template <class Opaque>
Opaque* as(std::uint64_t word) {
  return reinterpret_cast<Opaque*>(word);  // NOLINT(performance-no-int-to-ptr)
}
inline std::uint64_t word_of(const void* pointer) {
  return reinterpret_cast<std::uint64_t>(pointer);
}

/// As the ledger names them.
inline constexpr std::array<const char*, kKinds> kClassNames{"property.root",
                                                             "property.leaf",
                                                             "property.twig",
                                                             "property.bud",
                                                             "property.picture",
                                                             "property.sprout",
                                                             "property.cell",
                                                             "property.cell_array",
                                                             "property.sink",
                                                             "blob",
                                                             "view"};

/// Null where a class has none.
struct Functions {
  tally_status (*destroy)(std::uint64_t owner) = nullptr;
  tally_status (*try_destroy)(std::uint64_t* owner) = nullptr;
  std::uint64_t (*ref)(std::uint64_t self) = nullptr;
  bool (*same)(std::uint64_t a, std::uint64_t b) = nullptr;
  std::uint64_t (*id)(std::uint64_t self) = nullptr;
  tally_status (*number)(std::uint64_t self, std::uint64_t* out) = nullptr;
};

template <class Opaque, auto kDestroy, auto kRef, auto kSame, auto kId>
constexpr Functions functions() {
  return {[](std::uint64_t owner) { return kDestroy(as<Opaque>(owner)); },
          nullptr,
          [](std::uint64_t self) { return word_of(kRef(as<Opaque>(self))); },
          [](std::uint64_t a, std::uint64_t b) { return kSame(as<Opaque>(a), as<Opaque>(b)) != 0; },
          [](std::uint64_t self) { return kId(as<Opaque>(self)); },
          nullptr};
}
template <class Opaque, auto kTryDestroy>
tally_status try_destroy_with(std::uint64_t* owner) {
  auto* token = as<Opaque>(*owner);
  const tally_status status = kTryDestroy(&token);
  *owner = word_of(token);
  return status;
}
template <class Opaque, auto kNumber>
tally_status number_with(std::uint64_t self, std::uint64_t* out) {
  return kNumber(as<Opaque>(self), out);
}

#define PROPERTY_CLASS(name, destroy)                                                                    \
  functions<property_##name, property_##name##_##destroy, property_##name##_ref, property_##name##_same, \
            property_##name##_id>()

inline const Functions& functions_of(Kind kind) {
  static const std::array<Functions, kKinds> kAll = [] {
    std::array<Functions, kKinds> all{
        PROPERTY_CLASS(root, destroy), PROPERTY_CLASS(leaf, destroy),       PROPERTY_CLASS(twig, destroy),
        PROPERTY_CLASS(bud, destroy),  PROPERTY_CLASS(picture, release),    PROPERTY_CLASS(sprout, release),
        PROPERTY_CLASS(cell, destroy), PROPERTY_CLASS(cell_array, destroy), PROPERTY_CLASS(sink, destroy)};
    all[0].try_destroy = try_destroy_with<property_root, property_root_try_destroy>;
    all[1].try_destroy = try_destroy_with<property_leaf, property_leaf_try_destroy>;
    all[2].try_destroy = try_destroy_with<property_twig, property_twig_try_destroy>;
    all[3].try_destroy = try_destroy_with<property_bud, property_bud_try_destroy>;
    all[6].try_destroy = try_destroy_with<property_cell, property_cell_try_destroy>;
    all[7].try_destroy = try_destroy_with<property_cell_array, property_cell_array_try_destroy>;
    all[8].try_destroy = try_destroy_with<property_sink, property_sink_try_destroy>;
    all[0].number = number_with<property_root, property_root_number>;
    all[1].number = number_with<property_leaf, property_leaf_number>;
    all[2].number = number_with<property_twig, property_twig_number>;
    all[3].number = number_with<property_bud, property_bud_number>;
    all[4].number = number_with<property_picture, property_picture_number>;
    all[5].number = number_with<property_sprout, property_sprout_number>;
    all[6].number = number_with<property_cell, property_cell_number>;
    return all;
  }();
  return kAll[static_cast<std::size_t>(kind)];
}
#undef PROPERTY_CLASS

/// 0 if it can't be had.
inline std::uint64_t number_of(Kind kind, std::uint64_t word) {
  std::uint64_t number = 0;
  functions_of(kind).number(word, &number);
  return number;
}

template <class Opaque, class Child, auto kMake>
tally_status make_with(std::uint64_t from, std::uint64_t* out) {
  Child* token = nullptr;
  const tally_status status = kMake(as<Opaque>(from), &token);
  *out = word_of(token);
  return status;
}
inline tally_status make_leaf_on(std::uint64_t parent, std::uint64_t* out) {
  tally_error error{};
  *out = word_of(property_leaf_on(as<property_root>(parent), &error));
  return *out != 0 ? TALLY_OK : error.status;
}
template <class Opaque, auto kView>
tally_status view_with(std::uint64_t self, tally_view* out) {
  return kView(as<Opaque>(self), out);
}
template <class Opaque, auto kEnd>
tally_status end_with(std::uint64_t* self, std::uint64_t* out) {
  auto* token = as<Opaque>(*self);
  const tally_status status = kEnd(&token, out);
  *self = word_of(token);
  return status;
}

}  // namespace property_test
