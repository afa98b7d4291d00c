// Arrays: many objects with one owner, each called by a reference of its own class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "tally/object.hpp"
#include "tally/result.hpp"

namespace tally {
inline namespace TALLY_MODE {

/// A right to call the objects of an array, which somebody else owns; its elements are good as long as the
/// array.
///
/// `Class` is generated: what a Reference wants, and `Element` (the
/// elements' C type), `size` and `at`. `ElementRef` is the elements' reference.
template <class Class, class ElementRef>
class TALLY_REFERENCE_TYPE ArrayReference : public Reference<Class> {
 public:
  class Iterator;

  using Reference<Class>::Reference;

  /// How many objects it has.
  Result<std::uint64_t> size() const TALLY_NEEDS_OBJECT {
    std::uint64_t size = 0;
    const tally_status status = Class::size(this->api_, this->handle_, &size);
    if (status < 0) return fail<std::uint64_t>(status);
    return size;
  }

  /// One of them. Fails with TALLY_INVALID_ARGUMENT beyond the last.
  Result<ElementRef> at(std::uint64_t index) const TALLY_NEEDS_OBJECT {
    const typename Class::Element* element = nullptr;
    const tally_status status = Class::at(this->api_, this->handle_, index, &element);
    if (status < 0) return fail<ElementRef>(status);
    return ElementRef(this->api_, element);
  }

  /// The same, and so are the elements of a loop: where calls return an Expected, one that fails ends the
  /// program with its text, as Expected::value() does.
  ElementRef operator[](std::uint64_t index) const TALLY_NEEDS_OBJECT { return value_of(at(index)); }
  Iterator begin() const TALLY_NEEDS_OBJECT { return Iterator(*this, 0); }
  Iterator end() const TALLY_NEEDS_OBJECT { return Iterator(*this, value_of(size())); }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = ElementRef;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = ElementRef;

    Iterator(const ArrayReference& array, std::uint64_t index) noexcept : array_(array), index_(index) {}
    ElementRef operator*() const { return array_[index_]; }
    Iterator& operator++() noexcept {
      ++index_;
      return *this;
    }
    Iterator operator++(int) noexcept {
      const Iterator before = *this;
      ++index_;
      return before;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.index_ == b.index_; }
    friend bool operator!=(const Iterator& a, const Iterator& b) noexcept { return a.index_ != b.index_; }

   private:
    ArrayReference array_;
    std::uint64_t index_;
  };
};

}  // namespace TALLY_MODE
}  // namespace tally
