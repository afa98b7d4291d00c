// How a host opens a module: with an allocator of its own, and with limits.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "ownership.h"

namespace {

// Counts what it has given out, and fails on demand.
struct Heap {
  std::map<void*, std::size_t> live;
  std::size_t allocations = 0;
  bool is_empty = false;

  tally_allocator allocator() {
    return {[](void* user, std::size_t size, std::size_t alignment) -> void* {
              Heap& heap = *static_cast<Heap*>(user);
              if (heap.is_empty) return nullptr;
              ++heap.allocations;
              void* const memory = std::aligned_alloc(alignment, (size + alignment) / alignment * alignment);
              heap.live[memory] = size;
              return memory;
            },
            nullptr,
            [](void* user, void* memory, std::size_t size, std::size_t) {
              Heap& heap = *static_cast<Heap*>(user);
              EXPECT_EQ(heap.live.at(memory), size);
              heap.live.erase(memory);
              std::free(memory);
            },
            this};
  }
};

struct Opened {
  explicit Opened(tally_module_options options) {
    options.size = sizeof options;
    module = tally_module_load_with(OWNERSHIP_MODULE, &options, &error);
    if (module) api = ownership_api_of(module, &error);
  }
  ~Opened() { EXPECT_EQ(tally_module_unload(module), TALLY_OK) << tally_last_error()->text; }

  tally_error error{};
  tally_module* module = nullptr;
  const ownership_api* api = nullptr;
};

TEST(Options, WhatAModuleAllocatesComesFromTheHostsAllocator) {
  Heap heap;
  const tally_allocator allocator = heap.allocator();
  const Opened opened(
      {.size = 0, .reserved = 0, .allocator = &allocator, .most_handles = 0, .most_bytes = 0});
  ASSERT_NE(opened.api, nullptr) << opened.error.text;
  ownership_database* const database = opened.api->database_create("some rows", 9, nullptr);
  EXPECT_EQ(heap.live.size(), 1u) << "the author's container";
  tally_blob blob;
  ASSERT_EQ(opened.api->allocate(100, 256, 1, &blob), TALLY_OK);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(blob.data) % 256, 0u);
  EXPECT_EQ(heap.live.at(blob.data), 100u);
  blob.data[0] = 'x';
  ASSERT_EQ(tally_blob_resize(&blob, 1000), TALLY_OK);
  EXPECT_EQ(blob.data[0], 'x');
  EXPECT_EQ(heap.live.at(blob.data), 1000u);
  EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
  heap.is_empty = true;
  EXPECT_EQ(opened.api->allocate(10, 0, 0, &blob), TALLY_OUT_OF_MEMORY);
  EXPECT_EQ(opened.api->database_create("more rows", 9, nullptr), nullptr);
  EXPECT_EQ(tally_last_error()->status, TALLY_OUT_OF_MEMORY) << tally_last_error()->text;
  heap.is_empty = false;
  EXPECT_EQ(opened.api->database_destroy(database), TALLY_OK);
  EXPECT_TRUE(heap.live.empty());
}

TEST(Options, AModuleInUseTakesNoOtherAllocator) {
  Heap first;
  Heap second;
  const tally_allocator one = first.allocator();
  const tally_allocator other = second.allocator();
  const Opened opened({.size = 0, .reserved = 0, .allocator = &one, .most_handles = 0, .most_bytes = 0});
  ASSERT_NE(opened.api, nullptr);
  const tally_module_options options{sizeof options, 0, &other, 0, 0};
  tally_error error{};
  EXPECT_EQ(tally_module_load_with(OWNERSHIP_MODULE, &options, &error), nullptr);
  EXPECT_EQ(error.status, TALLY_INVALID_ARGUMENT);
  EXPECT_NE(std::string(error.text).find("in use already, with another allocator"), std::string::npos)
      << error.text;
}

TEST(Options, AModuleWithAnObjectTakesNoOtherAllocator) {
  Heap heap;
  const tally_allocator allocator = heap.allocator();
  const Opened opened({.size = 0, .reserved = 0, .allocator = nullptr, .most_handles = 0, .most_bytes = 0});
  ASSERT_NE(opened.api, nullptr);
  ownership_image* const image = opened.api->image_create(1, 1, nullptr);
  const tally_module_options options{sizeof options, 0, &allocator, 0, 0};
  EXPECT_EQ(tally_module_load_with(OWNERSHIP_MODULE, &options, nullptr), nullptr);
  EXPECT_EQ(tally_last_error()->status, TALLY_INVALID_ARGUMENT) << tally_last_error()->text;
  EXPECT_EQ(opened.api->image_release(image), TALLY_OK);
}

TEST(Options, AnAllocatorHasItsFunctions) {
  Heap heap;
  tally_allocator allocators[] = {heap.allocator(), heap.allocator()};
  allocators[0].allocate = nullptr;
  allocators[1].free = nullptr;
  const char* const missing[] = {"'allocate' is null", "'free' is null"};
  for (int i = 0; i < 2; ++i) {
    const tally_module_options options{sizeof options, 0, &allocators[i], 0, 0};
    tally_error error{};
    EXPECT_EQ(tally_module_load_with(OWNERSHIP_MODULE, &options, &error), nullptr);
    EXPECT_EQ(error.status, TALLY_NULL_ARGUMENT);
    EXPECT_NE(std::string(error.text).find(missing[i]), std::string::npos) << error.text;
  }
}

TEST(Options, NoMoreObjectsLiveThanTheHostAllows) {
  const Opened opened({.size = 0, .reserved = 0, .allocator = nullptr, .most_handles = 3, .most_bytes = 0});
  ASSERT_NE(opened.api, nullptr);
  std::vector<ownership_image*> images;
  for (int i = 0; i < 3; ++i) images.push_back(opened.api->image_create(1, 1, nullptr));
  EXPECT_NE(images.back(), nullptr);
  tally_error error{};
  EXPECT_EQ(opened.api->image_create(1, 1, &error), nullptr);
  EXPECT_EQ(error.status, TALLY_LIMIT_REACHED) << error.text;
  EXPECT_STREQ(error.text,
               "ownership_image_create: limit reached: 3 objects, blobs and views of module "
               "ownership_module live, and its host allows 3 at once; give some back first");
  EXPECT_EQ(opened.api->image_retain(images[0], &error), nullptr) << "a reference counts, too";
  EXPECT_EQ(error.status, TALLY_LIMIT_REACHED) << error.text;
  EXPECT_EQ(opened.api->image_release(images[0]), TALLY_OK);
  images[0] = opened.api->image_retain(images[1], nullptr);
  EXPECT_NE(images[0], nullptr) << tally_last_error()->text;
  for (ownership_image* const image : images) EXPECT_EQ(opened.api->image_release(image), TALLY_OK);
}

TEST(Options, NoMoreBytesAreHeldThanTheHostAllows) {
  const Opened opened(
      {.size = 0, .reserved = 0, .allocator = nullptr, .most_handles = 0, .most_bytes = 1000});
  ASSERT_NE(opened.api, nullptr);
  tally_blob first;
  tally_blob second;
  ASSERT_EQ(opened.api->allocate(900, 0, 0, &first), TALLY_OK);
  EXPECT_EQ(opened.api->allocate(101, 0, 0, &second), TALLY_LIMIT_REACHED);
  EXPECT_STREQ(tally_last_error()->text,
               "ownership_allocate: limit reached: 101 bytes more are wanted, module ownership_module "
               "holds 900, and its host allows 1000 at once; give some back first");
  EXPECT_EQ(second.owner, nullptr);
  EXPECT_EQ(tally_blob_resize(&first, 1001), TALLY_LIMIT_REACHED);
  EXPECT_EQ(first.size, 900u) << "as it was";
  ASSERT_EQ(tally_blob_resize(&first, 100), TALLY_OK);
  tally_blob third;
  EXPECT_EQ(opened.api->allocate(101, 0, 0, &second), TALLY_OK);
  EXPECT_EQ(opened.api->allocate(UINT64_MAX, 0, 0, &third), TALLY_LIMIT_REACHED) << "no sum overflows";
  EXPECT_EQ(tally_blob_free(&first), TALLY_OK);
  EXPECT_EQ(tally_blob_free(&second), TALLY_OK);
}

}  // namespace
