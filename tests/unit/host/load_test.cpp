// Files that are no modules are refused with their name and the reason, nothing stays loaded, and the host
// goes on.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>

#include "probe.hpp"

namespace {

const std::string modules = MODULES;

tally_error failure_of(const std::string& path) {
  tally_error error{};
  tally_module* const module = tally_module_load(path.c_str(), &error);
  EXPECT_EQ(module, nullptr);
  EXPECT_STREQ(tally_last_error()->text, error.text) << "the last error says the same";
  return error;
}

std::string temporary(const char* name) {
  return (std::filesystem::temp_directory_path() / (std::string("tallystick_host_test_") + name)).string();
}

TEST(Load, ALongTextIsCutBetweenCharacters) {
  for (const std::string before : {"/", "/a"}) {
    std::string path = before;
    while (path.size() < 2 * sizeof(tally_error::text)) path += "\u00e9";
    EXPECT_EQ(tally_module_load(path.c_str(), nullptr), nullptr);
    const std::string text = tally_last_error()->text;
    ASSERT_EQ(text.substr(text.size() - 3), "...");
    const std::string kept = text.substr(0, text.size() - 3);
    EXPECT_EQ(path.substr(0, kept.size()), kept) << "nothing else is there";
    EXPECT_EQ((kept.size() - before.size()) % 2, 0u) << "cut inside a character";
  }
}

TEST(Load, AMissingFile) {
  const tally_error error = failure_of("./there/is/no.so");
  EXPECT_EQ(error.status, TALLY_SYSTEM_ERROR);
  EXPECT_STREQ(
      error.text,
      "./there/is/no.so: cannot be loaded: cannot open shared object file: No such file or directory");
}

TEST(Load, AFolder) {
  const tally_error error = failure_of(std::filesystem::temp_directory_path().string());
  EXPECT_EQ(error.status, TALLY_SYSTEM_ERROR);
  EXPECT_NE(std::string(error.text).find("cannot be loaded"), std::string::npos) << error.text;
}

TEST(Load, AFileOfText) {
  const std::string path = temporary("text.so");
  std::ofstream(path) << "this is not a shared library, and long enough to be looked at: "
                      << std::string(100, '.');
  const tally_error error = failure_of(path);
  EXPECT_EQ(error.status, TALLY_SYSTEM_ERROR);
  EXPECT_EQ(std::string(error.text), path + ": cannot be loaded: invalid ELF header");
  std::filesystem::remove(path);
}

TEST(Load, ATruncatedModule) {
  const std::string path = temporary("truncated.so");
  std::filesystem::copy_file(modules + "/probe_1_0.so", path,
                             std::filesystem::copy_options::overwrite_existing);
  // Its code and data are longer than this; debug information and section headers, which come last, nobody
  // misses.
  for (std::uintmax_t size = 16'000; size > 0; size = size * 9 / 10) {
    std::filesystem::resize_file(path, size);
    const tally_error error = failure_of(path);
    EXPECT_EQ(error.status, TALLY_SYSTEM_ERROR) << size;
    EXPECT_EQ(std::string(error.text).rfind(path + ": cannot be loaded: ", 0), 0u) << error.text;
  }
  std::filesystem::remove(path);
}

TEST(Load, NoPathAtAll) {
  const tally_error error = failure_of("");
  EXPECT_EQ(error.status, TALLY_INVALID_ARGUMENT);
  EXPECT_EQ(std::string(error.text),
            "tally_module_load: invalid argument: 'path' is empty; pass the file of a module");
}

TEST(Load, ALibraryThatIsOnlyLinkedToAModule) {
  const tally_error error = failure_of(modules + "/linked_to_module.so");
  EXPECT_EQ(error.status, TALLY_NOT_SUPPORTED);
  EXPECT_NE(std::string(error.text).find("linked_to_module.so: not a Tallystick module"), std::string::npos)
      << error.text;
}

TEST(Load, ASharedLibraryThatIsNoModule) {
  const tally_error error = failure_of(modules + "/no_module.so");
  EXPECT_EQ(error.status, TALLY_NOT_SUPPORTED);
  EXPECT_EQ(std::string(error.text),
            modules + "/no_module.so: not a Tallystick module: it does not export tally_module_entry");
}

TEST(Load, AModuleOfAnotherAbiMajorNamesBothVersions) {
  const tally_error error = failure_of(modules + "/other_abi.so");
  EXPECT_EQ(error.status, TALLY_VERSION_MISMATCH);
  EXPECT_EQ(std::string(error.text),
            modules +
                "/other_abi.so: version mismatch: the module has Tallystick ABI 2.3, this "
                "host 1.0; rebuild the older of the two");
}

TEST(Load, AModuleThatCannotStart) {
  const tally_error error = failure_of(modules + "/refusing.so");
  EXPECT_EQ(error.status, TALLY_OUT_OF_MEMORY);
  EXPECT_EQ(std::string(error.text), modules + "/refusing.so: the module refused to open: out of memory");
}

TEST(Load, ANullPath) {
  tally_error error{};
  EXPECT_EQ(tally_module_load(nullptr, &error), nullptr);
  EXPECT_EQ(error.status, TALLY_NULL_ARGUMENT);
}

TEST(Load, ANullPathInCpp) {
  try {
    static_cast<void>(probe::Module::load(nullptr));
    FAIL() << "loaded nothing";
  } catch (const tally::Error& error) {
    EXPECT_EQ(error.status(), TALLY_NULL_ARGUMENT) << error.what();
  }
}

TEST(Load, AfterEveryFailureTheHostGoesOn) {
  tally_error error{};
  failure_of(modules + "/other_abi.so");
  tally_module* const module = tally_module_load((modules + "/probe_1_1.so").c_str(), &error);
  ASSERT_NE(module, nullptr) << error.text;
  EXPECT_STREQ(tally_module_name(module), "probe_1_1");
  EXPECT_EQ(std::filesystem::path(tally_module_path(module)).filename(), "probe_1_1.so");
  EXPECT_EQ(tally_module_unload(module), TALLY_OK);
}

TEST(Load, WhatWasRefusedIsNotLoaded) {
  for (const char* name : {"/no_module.so", "/other_abi.so", "/refusing.so"}) {
    const std::string path = modules + name;
    failure_of(path);
    EXPECT_EQ(dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD), nullptr) << path;
  }
}

TEST(Load, AModuleThatIsUnmappedWithoutAWordIsCalledNoMore) {
  const std::string path = modules + "/probe_1_0.so";
  const probe_probe* stale = nullptr;
  {
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << dlerror();
    const auto linked = reinterpret_cast<decltype(&probe_linked_api)>(dlsym(library, "probe_linked_api"));
    probe_probe* const token = linked()->probe_create(1, nullptr);
    stale = linked()->probe_ref(token);
    EXPECT_EQ(linked()->probe_destroy(token), TALLY_OK);
    dlclose(library);
  }
  ASSERT_EQ(dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD), nullptr) << "it is still mapped";
  tally_collect();
  std::int32_t value = 0;
  EXPECT_EQ(probe_probe_value(stale, &value), TALLY_STALE_HANDLE);
}

TEST(Load, AThreadThatUsedAModuleHasPartInItsSuccessorAnew) {
  const std::string path = modules + "/probe_1_0.so";
  probe::Module first = probe::Module::load(path);
  std::promise<void> used;
  std::promise<const probe_api*> successor;
  std::promise<probe_probe*> made;
  std::promise<void> destroyed;
  std::thread other([&] {
    probe::Probe::create(first, 1).destroy();
    used.set_value();
    made.set_value(successor.get_future().get()->probe_create(2, nullptr));
    destroyed.get_future().wait();
    EXPECT_EQ(tally_collect(), 1u) << "its own object's destructor waits for it";
  });
  used.get_future().wait();
  first.unload();
  probe::Module second = probe::Module::load(path);
  probe::Probe object = probe::Probe::create(second, 3);
  successor.set_value(second.api());
  EXPECT_EQ(second.api()->probe_destroy(made.get_future().get()), TALLY_DEFERRED);
  destroyed.set_value();
  other.join();
  EXPECT_EQ(object.value(), 3);
  object.destroy();
  second.unload();
}

TEST(Load, UnloadingIsRefusedWhileAnObjectOrABlobLives) {
  probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
  probe::Probe object = probe::Probe::create(module, 7);
  tally::Blob text = object.text();
  try {
    module.unload();
    FAIL() << "unload was not refused";
  } catch (const tally::Error& error) {
    EXPECT_EQ(error.status(), TALLY_HAS_CHILDREN);
    EXPECT_NE(std::string(error.what()).find("1 probe.probe (the first created at host_tests+0x"),
              std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("1 blob (the first created at host_tests+0x"), std::string::npos)
        << error.what();
  }
  EXPECT_EQ(object.value(), 7) << "after a refusal nothing has changed";
  object.destroy();
  EXPECT_THROW(module.unload(), tally::Error) << "the blob still lives";
  text.free();
  module.unload();
}

TEST(Load, AModuleLoadedTwiceStaysUntilBothAreUnloaded) {
  const std::string path = modules + "/probe_1_0.so";
  probe::Module first = probe::Module::load(path);
  probe::Module second = probe::Module::load(path);
  first.unload();
  probe::Probe object = probe::Probe::create(second, 1);
  EXPECT_EQ(object.value(), 1);
  object.destroy();
  second.unload();
}

TEST(Load, ANullModuleHasNoName) {
  EXPECT_STREQ(tally_module_name(nullptr), "");
  EXPECT_STREQ(tally_module_path(nullptr), "");
}

TEST(Load, AModuleThatWasUnloadedIsRefused) {
  // Volatile: gcc sees that the pointer is used after its end.
  tally_module* volatile module = tally_module_load((modules + "/probe_1_0.so").c_str(), nullptr);
  ASSERT_NE(module, nullptr) << tally_last_error()->text;
  EXPECT_STREQ(tally_module_name(module), "probe_1_0");
  ASSERT_EQ(tally_module_unload(module), TALLY_OK);
  EXPECT_EQ(tally_module_unload(module), TALLY_ALREADY_DESTROYED);
  EXPECT_EQ(std::string(tally_last_error()->text).rfind("tally_module_unload: already destroyed: ", 0), 0u);
}

TEST(Load, AModuleThatCouldNotBeUnloadedCanBeLater) {
  tally_module* volatile module = tally_module_load((modules + "/probe_1_1.so").c_str(), nullptr);
  const probe_api* const api = probe_api_of(module, nullptr);
  ASSERT_NE(api, nullptr) << tally_last_error()->text;
  probe_probe* const object = api->probe_create(1, nullptr);
  EXPECT_EQ(tally_module_unload(module), TALLY_HAS_CHILDREN);
  EXPECT_EQ(api->probe_destroy(object), TALLY_OK);
  EXPECT_EQ(tally_module_unload(module), TALLY_OK);
}

TEST(Load, WhatTheFirstLoadingMadeOutlivesItWhileAnotherHoldsTheModule) {
  const std::string path = modules + "/probe_1_0.so";  // older than this program: its table is lengthened
  probe::Module first = probe::Module::load(path);
  probe::Module second = probe::Module::load(path);
  probe::Probe object = probe::Probe::create(first, 5);
  first.unload();
  EXPECT_EQ(object.value(), 5);
  EXPECT_THROW(object.raised(1), tally::Error) << "the function that the table was lengthened by";
  object.destroy();
  second.unload();
}

TEST(Load, UnloadingIsRefusedWhileADestructorWaitsForAnotherThread) {
  probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
  std::promise<probe_probe*> made;
  std::promise<void> unloaded;
  std::thread owner([&] {
    made.set_value(probe::Probe::create(module, 1).detach());
    unloaded.get_future().wait();
    EXPECT_EQ(tally_collect(), 1u);
  });
  EXPECT_EQ(module.api()->probe_destroy(made.get_future().get()), TALLY_DEFERRED);
  try {
    module.unload();
    ADD_FAILURE() << "the owner may have been inside the object";
  } catch (const tally::Error& error) {
    EXPECT_EQ(error.status(), TALLY_HAS_CHILDREN);
    EXPECT_NE(std::string(error.what())
                  .find("destroyed, but waiting for their thread, for calls or for children: 1"),
              std::string::npos)
        << error.what();
  }
  unloaded.set_value();
  owner.join();
  module.unload();
}

TEST(Load, AnOwnerKeepsItsTokenWhenItsDestroyIsRefused) {
  probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
  probe::Probe object = probe::Probe::create(module, 1);
  probe_probe* const token = object.token();
  EXPECT_EQ(module.api()->probe_destroy(token), TALLY_OK);
  EXPECT_THROW(object.destroy(), tally::Error);
  EXPECT_EQ(object.detach(), token);
}

TEST(Load, WordsOfAnUnloadedModuleAreRefusedByItsSuccessor) {
  const std::string path = modules + "/probe_1_0.so";
  probe::Module first = probe::Module::load(path);
  probe::Probe object = probe::Probe::create(first, 1);
  const probe_probe* const stale = object.handle();
  object.destroy();
  first.unload();
  probe::Module second = probe::Module::load(path);
  probe::Probe other = probe::Probe::create(second, 2);
  std::int32_t value = -1;
  EXPECT_EQ(second.api()->probe_value(stale, &value), TALLY_STALE_HANDLE);
  EXPECT_EQ(value, 0) << "results are zeroed on failure";
  other.destroy();
  second.unload();
}

}  // namespace
