// Several files of libtally in one process: whichever starts first answers for all. Copies under another name
// are made as tools make them that put libraries into packages: the name is changed in the file, and in the
// modules that need it.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <barrier>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "probe.h"
#include "tally/core.h"

namespace {

namespace fs = std::filesystem;

constexpr char kName[] = "libtally.so.1";
constexpr char kOtherName[] = "libtalli.so.1";

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

void* open(const fs::path& file) {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  EXPECT_NE(library, nullptr) << dlerror();
  return library;
}

const tally_core* core_of(void* libtally) {
  const auto entry = reinterpret_cast<decltype(&tally_core_entry)>(dlsym(libtally, "tally_core_entry"));
  return entry ? entry(TALLY_ABI_MAJOR) : nullptr;
}

const probe_api& api_of(void* module) {
  return *reinterpret_cast<decltype(&probe_linked_api)>(dlsym(module, "probe_linked_api"))();
}

class Alone : public ::testing::Test {
 protected:
  Alone() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Alone() override { fs::remove_all(folder_); }

  // A copy of a file that is called, and looks for, a libtally of another name.
  fs::path renamed(const fs::path& file, const std::string& name) const {
    std::string text = text_of(file);
    replace_all(text, kName, kOtherName);
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  fs::path copied(const fs::path& file, const std::string& name) const {
    fs::create_directories((folder_ / name).parent_path());
    fs::copy_file(file, folder_ / name);
    return folder_ / name;
  }

  const fs::path folder_ = fs::path(FOLDER) / ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

// A module of each copy: their table ids are different, their threads the same, and each knows what is the
// other's.
void expect_one_world(const probe_api& first, const probe_api& second) {
  probe_probe* const a = first.probe_create(1, nullptr);
  probe_probe* const b = second.probe_create(2, nullptr);
  ASSERT_NE(a, nullptr);
  ASSERT_NE(b, nullptr);
  EXPECT_NE(a, b);
  EXPECT_EQ(first.probe_destroy(b), TALLY_WRONG_MODULE);
  EXPECT_EQ(second.probe_destroy(a), TALLY_WRONG_MODULE);
  EXPECT_EQ(first.probe_destroy(a), TALLY_OK);
  EXPECT_EQ(second.probe_destroy(b), TALLY_OK);
}

TEST_F(Alone, ARenamedCopyLeavesTheWorkToTheFirst) {
  void* const first = open(LIBTALLY);
  void* const module = open(MODULE);
  void* const second = open(renamed(LIBTALLY, kOtherName));
  ASSERT_NE(first, second);
  EXPECT_EQ(core_of(first), core_of(second));
  void* const other = open(renamed(MODULE, "other.so"));
  expect_one_world(api_of(module), api_of(other));
}

TEST_F(Alone, ARenamedCopyThatComesFirstIsTheOne) {
  void* const first = open(renamed(LIBTALLY, kOtherName));
  void* const module = open(renamed(MODULE, "other.so"));
  void* const second = open(LIBTALLY);
  void* const other = open(MODULE);
  EXPECT_EQ(core_of(first), core_of(second));
  expect_one_world(api_of(module), api_of(other));
}

TEST_F(Alone, CopiesInTwoFoldersAreOne) {
  void* const first = open(copied(LIBTALLY, "a/libtally.so.1"));
  void* const second = open(copied(LIBTALLY, "b/libtally.so.1"));
  ASSERT_NE(first, second) << "the dynamic linker takes them for one: nothing is tested";
  EXPECT_EQ(core_of(first), core_of(second));
  EXPECT_NE(core_of(first), nullptr);
}

TEST_F(Alone, ThreeCopiesAreOne) {
  const tally_core* const core = core_of(open(copied(LIBTALLY, "a/libtally.so.1")));
  EXPECT_EQ(core_of(open(renamed(LIBTALLY, kOtherName))), core);
  EXPECT_EQ(core_of(open(copied(LIBTALLY, "b/libtally.so.1"))), core);
}

// The one whose turn comes first finds the other, which has not started.
TEST_F(Alone, CopiesThatComeTogetherAreOne) {
  const fs::path first = copied(LIBTALLY, kName);
  const fs::path second = renamed(LIBTALLY, kOtherName);
  open(BOTH_NAMES);
  void* const one = dlopen(first.c_str(), RTLD_NOW | RTLD_NOLOAD);
  void* const other = dlopen(second.c_str(), RTLD_NOW | RTLD_NOLOAD);
  ASSERT_TRUE(one && other) << "the library has not brought both";
  EXPECT_EQ(core_of(one), core_of(other));
  EXPECT_NE(core_of(one), nullptr);
}

TEST_F(Alone, CopiesThatTwoThreadsOpenAtOnceAreOne) {
  const fs::path files[] = {copied(LIBTALLY, "a/libtally.so.1"), renamed(LIBTALLY, kOtherName)};
  const tally_core* cores[2] = {};
  std::barrier start(2);
  const auto open_one = [&](int which) {
    start.arrive_and_wait();
    cores[which] = core_of(open(files[which]));
  };
  std::thread first(open_one, 0);
  std::thread second(open_one, 1);
  first.join();
  second.join();
  EXPECT_EQ(cores[0], cores[1]);
  EXPECT_NE(cores[0], nullptr);
}

TEST_F(Alone, ThreadsHaveOneIdentityForAllCopies) {
  void* const module = open(MODULE);
  void* const other = (open(renamed(LIBTALLY, kOtherName)), open(renamed(MODULE, "other.so")));
  const tally_core* const core = core_of(open(LIBTALLY));
  std::thread([&] { expect_one_world(api_of(module), api_of(other)); }).join();
  expect_one_world(api_of(module), api_of(other));
  EXPECT_EQ(core->thread_attach()->identity, 2u) << "the first was the other thread's";
}

TEST_F(Alone, ItStaysWhenTheLastWhoUsedItHasGone) {
  void* module = open(MODULE);
  const tally_core* const core = core_of(module);
  std::uint64_t identity = 0;
  std::barrier gone(2);
  std::thread user([&] {
    probe_probe* const token = api_of(module).probe_create(1, nullptr);
    EXPECT_EQ(api_of(module).probe_destroy(token), TALLY_OK);
    gone.arrive_and_wait();
    gone.arrive_and_wait();  // it ends when nobody uses libtally any more
  });
  gone.arrive_and_wait();
  identity = core->thread_attach()->identity;
  EXPECT_EQ(dlclose(module), 0);
  EXPECT_EQ(dlopen(MODULE, RTLD_NOW | RTLD_NOLOAD), nullptr) << "the module is still mapped";
  EXPECT_NE(dlopen(kName, RTLD_NOW | RTLD_NOLOAD), nullptr);
  gone.arrive_and_wait();
  user.join();
  module = open(MODULE);
  EXPECT_EQ(core_of(module), core);
  EXPECT_EQ(core->thread_attach()->identity, identity);
  probe_probe* const token = api_of(module).probe_create(1, nullptr);
  EXPECT_EQ(api_of(module).probe_destroy(token), TALLY_OK);
}

// ---- Others' ----

TEST_F(Alone, AModuleOnALibtallyThatHasTooLittleSaysSo) {
  open(OLD_LIBTALLY);
  tally_error error{};
  EXPECT_EQ(api_of(open(MODULE)).probe_create(1, &error), nullptr);
  EXPECT_EQ(error.status, TALLY_VERSION_MISMATCH);
  EXPECT_NE(std::string(error.text).find("needs a libtally of ABI 1.0, and "), std::string::npos)
      << error.text;
  EXPECT_NE(std::string(error.text).find("old_libtally/libtally.so.1 is of 1.0 (release 0.0.9)"),
            std::string::npos)
      << error.text;
}

TEST_F(Alone, AModuleOnALibtallyOfAnotherMajorSaysSo) {
  open(ALIEN_LIBTALLY);
  tally_error error{};
  EXPECT_EQ(api_of(open(MODULE)).probe_create(1, &error), nullptr);
  EXPECT_EQ(error.status, TALLY_VERSION_MISMATCH);
  EXPECT_NE(std::string(error.text).find("alien_libtally/libtally.so.1 is of another major"),
            std::string::npos)
      << error.text;
}

TEST_F(Alone, AModuleOnALaterLibtallyWorks) {
  setenv("TALLY_TEST_LIBTALLY", copied(LIBTALLY, "a/libtally.so.1").c_str(), 1);
  void* const newer = open(NEW_LIBTALLY);
  EXPECT_EQ(core_of(newer)->abi_minor, 7);
  void* const module = open(MODULE);
  EXPECT_EQ(core_of(module), core_of(newer));
  const probe_api& api = api_of(module);
  probe_probe* const token = api.probe_create(4, nullptr);
  std::int32_t value = 0;
  EXPECT_EQ(api.probe_value(token, &value), TALLY_OK);
  EXPECT_EQ(value, 4);
  EXPECT_EQ(api.probe_destroy(token), TALLY_OK);
}

}  // namespace
