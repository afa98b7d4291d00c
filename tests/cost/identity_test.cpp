// Tallystick copies no byte: the pointer that the author's class receives is the caller's, and the pointer
// that the caller receives is the author's; through the C table and through the C++ wrapper, for whatever an
// author returns.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mirror.hpp"

namespace {

std::uint64_t address(const void* memory) {
  return reinterpret_cast<std::uintptr_t>(memory);
}

// In a std::string, 15 characters lie inside the object and 16 don't.
const std::uint64_t sizes[] = {1, 15, 16, 24, 4096, std::uint64_t{1} << 20};

TEST(IdentityInC, TheAuthorReceivesTheCallersPointer) {
  tally_module* const module = tally_module_load(MIRROR_MODULE, nullptr);
  ASSERT_NE(module, nullptr) << tally_last_error()->text;
  const mirror_api* const api = mirror_api_of(module, nullptr);
  mirror_probe* const probe = api->probe_create(nullptr);
  for (const std::uint64_t size : sizes) {
    const std::vector<std::uint8_t> chunk(size);
    std::uint64_t seen = 0;
    ASSERT_EQ(api->probe_see_bytes(probe, chunk.data(), chunk.size(), &seen), TALLY_OK);
    EXPECT_EQ(seen, address(chunk.data())) << size << " bytes";

    const std::string text(size, 't');
    ASSERT_EQ(api->probe_see_text(probe, text.data(), text.size(), &seen), TALLY_OK);
    EXPECT_EQ(seen, address(text.data())) << size << " characters";
    ASSERT_EQ(api->probe_see_text(probe, text.c_str(), TALLY_NUL_TERMINATED, &seen), TALLY_OK);
    EXPECT_EQ(seen, address(text.data())) << size << " characters and a NUL";
  }
  EXPECT_EQ(api->probe_destroy(probe), TALLY_OK);
  EXPECT_EQ(tally_module_unload(module), TALLY_OK);
}

TEST(IdentityInC, TheCallerReceivesTheAuthorsPointer) {
  tally_module* const module = tally_module_load(MIRROR_MODULE, nullptr);
  ASSERT_NE(module, nullptr) << tally_last_error()->text;
  const mirror_api* const api = mirror_api_of(module, nullptr);
  mirror_probe* const probe = api->probe_create(nullptr);
  for (const auto give :
       {api->probe_give_buffer, api->probe_give_vector, api->probe_give_string, api->probe_give_text}) {
    for (const std::uint64_t size : sizes) {
      tally_blob blob;
      std::uint64_t given = 0;
      ASSERT_EQ(give(probe, size, &blob), TALLY_OK);
      ASSERT_EQ(api->probe_given(probe, &given), TALLY_OK);
      EXPECT_EQ(address(blob.data), given) << size << " bytes";
      EXPECT_EQ(blob.size, size);
      EXPECT_EQ(tally_blob_free(&blob), TALLY_OK);
    }
  }
  EXPECT_EQ(api->probe_destroy(probe), TALLY_OK);
  EXPECT_EQ(tally_module_unload(module), TALLY_OK);
}

TEST(IdentityInCpp, TheAuthorReceivesTheCallersPointer) {
  mirror::Module module = mirror::Module::load(MIRROR_MODULE);
  const mirror::Probe probe = mirror::Probe::create(module);
  for (const std::uint64_t size : sizes) {
    const std::vector<std::uint8_t> chunk(size);
    EXPECT_EQ(probe.see_bytes(chunk), address(chunk.data())) << size << " bytes";
    const std::string text(size, 't');
    EXPECT_EQ(probe.see_text(text), address(text.data())) << size << " characters";
  }
}

TEST(IdentityInCpp, TheCallerReceivesTheAuthorsPointer) {
  mirror::Module module = mirror::Module::load(MIRROR_MODULE);
  const mirror::Probe probe = mirror::Probe::create(module);
  const auto expect_same = [&](const tally::Blob& blob, std::uint64_t size) {
    EXPECT_EQ(address(blob.data()), probe.given()) << size << " bytes";
    EXPECT_EQ(blob.size(), size);
  };
  for (const std::uint64_t size : sizes) {
    expect_same(probe.give_buffer(size), size);
    expect_same(probe.give_vector(size), size);
    expect_same(probe.give_string(size), size);
    expect_same(probe.give_text(size), size);
  }
}

}  // namespace
