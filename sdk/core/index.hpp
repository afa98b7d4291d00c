// Finds the number of a thing by its hash: open addressing on malloc. The things are somebody else's, in the
// order of their numbers.
#pragma once

#include <cstdint>

#include "array.hpp"

namespace tally::core {

class Index {
 public:
  Index() = default;
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  /// The bucket of the thing that `is_it(number)` is true of, or the free one (it holds 0) for a new thing:
  /// who adds one writes number + 1 there. Null without memory. `hash_at(number)` is the hash of one of the
  /// `count` there are.
  template <class IsIt, class HashAt>
  std::uint32_t* find(std::uint64_t hash, std::size_t count, IsIt is_it, HashAt hash_at) {
    if (count * 2 >= buckets_.size() && !grow(count, hash_at)) return nullptr;
    std::uint32_t* bucket = &buckets_[first(hash)];
    while (*bucket != 0 && !is_it(*bucket - 1)) bucket = next(bucket);
    return bucket;
  }

  void free() { std::free(buckets_.begin()); }

 private:
  template <class HashAt>
  bool grow(std::size_t count, HashAt hash_at) {
    const std::size_t wanted = buckets_.size() ? buckets_.size() * 2 : 64;
    while (buckets_.size() < wanted) {
      if (!buckets_.push(0)) return false;
    }
    for (std::uint32_t& bucket : buckets_) bucket = 0;
    for (std::uint32_t number = 0; number < count; ++number) {
      std::uint32_t* bucket = &buckets_[first(hash_at(number))];
      while (*bucket != 0) bucket = next(bucket);
      *bucket = number + 1;
    }
    return true;
  }

  std::size_t first(std::uint64_t hash) { return (hash ^ (hash >> 29)) & (buckets_.size() - 1); }
  std::uint32_t* next(std::uint32_t* bucket) {
    return ++bucket == buckets_.end() ? buckets_.begin() : bucket;
  }

  Array<std::uint32_t> buckets_;  // as many as a power of two
};

}  // namespace tally::core
