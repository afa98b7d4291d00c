// Places in sources, as reports have them. SYMBOLS in the environment says what is to be expected: "whole",
// "bare" (no debug information) or "none" (TALLY_SYMBOLS=0).
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "probe.hpp"

namespace symbols {

constexpr int kLineOfInner = __LINE__ + 2;
[[gnu::always_inline]] inline probe_probe* inner() {
  probe_probe* const made = probe_probe_create(1, nullptr);
  asm volatile("" ::: "memory");
  return made;
}

constexpr int kLineOfOuter = __LINE__ + 2;
[[gnu::noinline]] probe_probe* outer() {
  return inner();
}

}  // namespace symbols

namespace {

std::string_view expected() {
  const char* const what = std::getenv("SYMBOLS");
  return what ? what : "whole";
}

tally_site site_of(const probe_probe* object) {
  struct Search {
    std::uint64_t handle;
    tally_site site;
  } search{probe_probe_id(object), 0};
  tally_ledger_live(
      nullptr,
      [](const tally_entry* entry, void* user) {
        Search& wanted = *static_cast<Search*>(user);
        if (entry->handle == wanted.handle) wanted.site = entry->created;
        return 0;
      },
      &search);
  return search.site;
}

std::string text_of(tally_site site) {
  char text[512];
  tally_site_text(site, text, sizeof text);
  return text;
}

std::string place_of(tally_site site) {
  char text[1024];
  tally_site_place(site, text, sizeof text);
  return text;
}

std::string what_is_expected(tally_site site) {
  if (expected() == "none") return text_of(site);
  if (expected() == "bare") return text_of(site) + " (symbols::outer())";
  return text_of(site) + " (symbols::inner() at symbols_test.cpp:" + std::to_string(symbols::kLineOfInner) +
         ", inlined in symbols::outer() at symbols_test.cpp:" + std::to_string(symbols::kLineOfOuter) + ")";
}

TEST(Symbols, NameFunctionFileAndLineAndWhatWasInlined) {
  probe_probe* const object = symbols::outer();
  const tally_site site = site_of(object);
  EXPECT_EQ(place_of(site), what_is_expected(site));
  EXPECT_EQ(place_of(site), what_is_expected(site)) << "the second time as well";
  probe_probe_destroy(object);
}

TEST(Symbols, AShortBufferIsEnded) {
  probe_probe* const object = symbols::outer();
  const tally_site site = site_of(object);
  char text[40];
  tally_site_place(site, text, sizeof text);
  EXPECT_EQ(std::string(text), what_is_expected(site).substr(0, 39));
  probe_probe_destroy(object);
}

TEST(Symbols, AnUnknownPlaceHasNone) {
  EXPECT_EQ(place_of(0), "an unknown place");
}

TEST(Symbols, ManyThreadsAskAtOnce) {
  probe_probe* const object = symbols::outer();
  const tally_site site = site_of(object);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 200; ++j) {
        const std::string text = place_of(site);  // who comes second has the plain text
        EXPECT_TRUE(text == what_is_expected(site) || text == text_of(site)) << text;
      }
    });
  }
  for (std::thread& each : threads) each.join();
  probe_probe_destroy(object);
}

TEST(Symbols, AForkedChildDoesWithout) {
  probe_probe* const object = symbols::outer();
  const tally_site site = site_of(object);
  const pid_t child = fork();
  if (child == 0) _exit(place_of(site) == text_of(site) ? 0 : 1);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  probe_probe_destroy(object);
}

}  // namespace
