// A module's memory: whose allocator it comes from, how it is counted, and what a limit refuses.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include "tally/buffer.hpp"
#include "tally/runtime/memory.hpp"

namespace tally::runtime {
namespace {

// Knows the size and the alignment of all that it has given out, and fails on demand.
struct Heap {
  struct Block {
    std::size_t size;
    std::size_t alignment;
  };
  std::map<void*, Block> live;
  bool is_empty = false;

  static void* allocate(void* user, std::size_t size, std::size_t alignment) {
    Heap& heap = *static_cast<Heap*>(user);
    if (heap.is_empty) return nullptr;
    void* const memory = std::malloc(size + 1);
    heap.live[memory] = {size, alignment};
    return memory;
  }
  static void* reallocate(void* user, void* memory, std::size_t old_size, std::size_t size,
                          std::size_t alignment) {
    Heap& heap = *static_cast<Heap*>(user);
    if (heap.is_empty) return nullptr;
    free(user, memory, old_size, alignment);
    return allocate(user, size, alignment);
  }
  static void free(void* user, void* memory, std::size_t size, std::size_t alignment) {
    Heap& heap = *static_cast<Heap*>(user);
    const auto found = heap.live.find(memory);
    ASSERT_NE(found, heap.live.end());
    EXPECT_EQ(found->second.size, size);
    EXPECT_EQ(found->second.alignment, alignment);
    heap.live.erase(found);
    std::free(memory);
  }

  tally_allocator without_reallocate() { return {allocate, nullptr, free, this}; }
  tally_allocator whole() { return {allocate, reallocate, free, this}; }
};

bool use(Memory& memory, const tally_allocator* allocator, std::uint64_t most_bytes = 0) {
  return memory.use({.size = sizeof(tally_module_options),
                     .reserved = 0,
                     .allocator = allocator,
                     .most_handles = 0,
                     .most_bytes = most_bytes},
                    false);
}

TEST(Memory, ComesAlignedWithoutAnAllocator) {
  Memory memory;
  for (std::size_t alignment = 1; alignment <= 4096; alignment *= 2) {
    void* blocks[8];
    for (void*& each : blocks) {
      each = memory.allocate(3, alignment);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(each) % alignment, 0u) << alignment;
    }
    for (void* const each : blocks) memory.free(each, 3, alignment);
  }
  EXPECT_EQ(memory.bytes(), 0u);
}

TEST(Memory, StaysAlignedWhenItGrows) {
  Memory memory;
  for (int i = 0; i < 8; ++i) {
    void* const small = memory.allocate(3, 1024);
    std::memcpy(small, "abc", 3);
    void* const large = memory.reallocate(small, 3, 5000, 1024);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(large) % 1024, 0u);
    EXPECT_EQ(std::memcmp(large, "abc", 3), 0);
    memory.free(large, 5000, 1024);
  }
  EXPECT_EQ(memory.bytes(), 0u);
}

TEST(Memory, IsAllowedToTheLastByte) {
  Memory memory;
  ASSERT_TRUE(use(memory, nullptr, 100));
  void* const first = memory.allocate(60, 8);
  void* const second = memory.allocate(40, 8);
  EXPECT_THROW(memory.allocate(1, 8), LimitReached);
  EXPECT_THROW(memory.reallocate(second, 40, 101, 8), LimitReached);
  EXPECT_EQ(memory.bytes(), 100u) << "what was refused is not counted";
  memory.free(first, 60, 8);
  memory.free(second, 40, 8);
}

TEST(Memory, ThatCanNotBeHadIsNotCounted) {
  Heap heap;
  const tally_allocator allocators[] = {heap.without_reallocate(), heap.whole()};
  for (const tally_allocator& each : allocators) {
    Memory memory;
    ASSERT_TRUE(use(memory, &each));
    void* const block = memory.allocate(10, 8);
    heap.is_empty = true;
    EXPECT_THROW(memory.allocate(5, 8), std::bad_alloc);
    EXPECT_THROW(memory.reallocate(block, 10, 20, 8), std::bad_alloc);
    EXPECT_EQ(memory.bytes(), 10u);
    heap.is_empty = false;
    void* const moved = memory.reallocate(block, 10, 20, 8);
    EXPECT_EQ(memory.bytes(), 20u);
    memory.free(moved, 20, 8);
    EXPECT_EQ(memory.bytes(), 0u);
    EXPECT_TRUE(heap.live.empty());
  }
}

TEST(Memory, KeepsItsAllocatorAndLimitsWhenItIsUsedAgain) {
  Heap heap;
  const tally_allocator one = heap.whole();
  const tally_allocator other = heap.without_reallocate();
  Memory memory;
  ASSERT_TRUE(use(memory, &one, 50));
  EXPECT_TRUE(use(memory, &one)) << "the same";
  EXPECT_FALSE(use(memory, &other));
  EXPECT_TRUE(use(memory, nullptr)) << "whichever is in use";
  EXPECT_THROW(memory.allocate(51, 8), LimitReached) << "nobody has lifted the limit";
  memory.free(memory.allocate(50, 8), 50, 8);
  EXPECT_TRUE(heap.live.empty());
}

TEST(Memory, OfMallocGoesBackThereWhateverIsAskedFor) {
  Heap heap;
  const tally_allocator allocator = heap.whole();
  Memory memory;
  void* const block = memory.allocate(10, 8);
  EXPECT_FALSE(use(memory, &allocator)) << "some of it is out already";
  memory.free(block, 10, 8);
  EXPECT_TRUE(use(memory, &allocator));
}

TEST(Memory, OfAModuleThatHasObjectsStaysWhereItIs) {
  Heap heap;
  const tally_allocator allocator = heap.whole();
  const tally_module_options options{sizeof options, 0, &allocator, 0, 0};
  Memory memory;
  EXPECT_FALSE(memory.use(options, true)) << "whatever has no bytes may have some soon";
  EXPECT_TRUE(memory.use(options, false));
  EXPECT_TRUE(memory.use(options, true)) << "the same";
}

TEST(Memory, IsWhatABufferIsMadeOf) {
  Heap heap;
  const tally_allocator allocator = heap.whole();
  ASSERT_TRUE(module_memory.use({sizeof(tally_module_options), 0, &allocator, 0, 5000}, false));
  {
    Buffer buffer(4000);
    EXPECT_EQ(heap.live.at(buffer.data()).size, 4000u);
    EXPECT_EQ(module_memory.bytes(), 4000u);
    buffer.shrink(10);
    Buffer moved = std::move(buffer);
    moved = Buffer(900);
    EXPECT_EQ(module_memory.bytes(), 900u) << "what was shrunk goes back whole";
    try {
      const Buffer large(100'000);
      FAIL() << "above the limit";
    } catch (const LimitReached& limit) {
      EXPECT_EQ(limit.wanted, 100'000u);
      EXPECT_EQ(limit.held, 900u);
      EXPECT_EQ(limit.most, 5000u);
    }
  }
  EXPECT_EQ(module_memory.bytes(), 0u);
  EXPECT_TRUE(heap.live.empty());
  module_memory.reset();
}

TEST(Memory, BeginsAnewAfterTheLastHost) {
  Heap heap;
  const tally_allocator allocator = heap.whole();
  Memory memory;
  ASSERT_TRUE(use(memory, &allocator, 10));
  memory.reset();
  memory.free(memory.allocate(11, 8), 11, 8);
  EXPECT_FALSE(memory.is_limited());
  EXPECT_TRUE(heap.live.empty());
}

}  // namespace
}  // namespace tally::runtime
