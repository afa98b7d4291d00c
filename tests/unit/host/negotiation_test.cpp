// Host and module of different versions of one interface: minors always agree, majors never, and what an
// older module lacks answers that it isn't supported. The host is compiled for 1.1.
#include <gtest/gtest.h>

#include <string>

#include "probe.hpp"

// Of the module that this program is linked to.
extern "C" tally_status TALLY_CALL tally_module_entry(const tally_module_offer* offer,
                                                      tally_module_answer* answer);

namespace {

const std::string modules = MODULES;

TEST(Negotiation, AModuleOfTheSameVersion) {
  probe::Module module = probe::Module::load(modules + "/probe_1_1.so");
  EXPECT_TRUE(TALLY_HAS(probe_api, module.api(), probe_raised));
  EXPECT_EQ(module.api()->header.minor, 1);
  probe::Probe object = probe::Probe::create(module, 40);
  EXPECT_EQ(object.raised(2), 42);
}

TEST(Negotiation, AnOlderModuleLacksWhatCameLater) {
  probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
  EXPECT_FALSE(TALLY_HAS(probe_api, module.api(), probe_raised));
  EXPECT_TRUE(TALLY_HAS(probe_api, module.api(), probe_value));
  EXPECT_EQ(module.api()->header.minor, 0);
  probe::Probe object = probe::Probe::create(module, 40);
  EXPECT_EQ(object.value(), 40);
  try {
    static_cast<void>(object.raised(2));
    FAIL() << "the module can't have raised";
  } catch (const tally::Error& error) {
    EXPECT_EQ(error.status(), TALLY_NOT_SUPPORTED);
    EXPECT_STREQ(error.what(),
                 "probe_probe_raised: not supported: it came with version 1.1 of the interface, and this "
                 "module is older; ask "
                 "with TALLY_HAS before the call, or use a newer module");
  }
}

TEST(Negotiation, AnotherMajorIsRefusedWithBothVersions) {
  try {
    const probe::Module module = probe::Module::load(modules + "/probe_2_0.so");
    FAIL() << "another major was accepted";
  } catch (const tally::Error& error) {
    EXPECT_EQ(error.status(), TALLY_VERSION_MISMATCH);
    EXPECT_NE(std::string(error.what())
                  .find("/probe_2_0.so: version mismatch: the module has probe 2.0, this host was compiled "
                        "for probe 1.1; majors must be equal"),
              std::string::npos)
        << error.what();
  }
}

TEST(Negotiation, AnInterfaceThatTheModuleLacks) {
  tally_error error{};
  tally_module* const module = tally_module_load((modules + "/probe_1_0.so").c_str(), &error);
  ASSERT_NE(module, nullptr) << error.text;
  const tally_table_header table{sizeof(tally_table_header), 1, 0};
  const tally_interface codec{sizeof(tally_interface), 0, "codec", &table, nullptr};
  EXPECT_EQ(tally_module_table(module, &codec, &error), nullptr);
  EXPECT_EQ(error.status, TALLY_NOT_SUPPORTED);
  EXPECT_NE(std::string(error.text).find("the module has no interface codec; it has probe 1.0"),
            std::string::npos)
      << error.text;
  EXPECT_EQ(tally_module_unload(module), TALLY_OK);
}

TEST(Negotiation, AFunctionThatWasChangedWithoutANewMajorIsNamed) {
  try {
    const probe::Module module = probe::Module::load(modules + "/probe_changed.so");
    FAIL() << "a changed function was accepted";
  } catch (const tally::Error& error) {
    EXPECT_EQ(error.status(), TALLY_VERSION_MISMATCH);
    EXPECT_NE(std::string(error.what())
                  .find("/probe_changed.so: version mismatch: probe.probe.value is not the same function in "
                        "the module's probe 1.0 and in the 1.1 that this host was compiled with"),
              std::string::npos)
        << error.what();
  }
}

TEST(Negotiation, AModuleWritesNoMoreThanTheHostHasRoomFor) {
  const tally_module_offer offer{sizeof offer, TALLY_ABI_MAJOR + 1, 0, nullptr, 0, 0};
  const auto beyond = [](tally_error*) -> tally_status { return TALLY_OK; };
  tally_module_answer answer{};
  answer.size =
      offsetof(tally_module_answer, close);  // a host of an older minor, which has something else there
  answer.close = beyond;
  EXPECT_EQ(tally_module_entry(&offer, &answer), TALLY_VERSION_MISMATCH);
  EXPECT_EQ(answer.abi_major, TALLY_ABI_MAJOR);
  EXPECT_STREQ(answer.name, "probe_1_1");
  EXPECT_EQ(answer.close, +beyond);
}

TEST(Negotiation, NullsAreNamed) {
  tally_error error{};
  EXPECT_EQ(tally_module_table(nullptr, nullptr, &error), nullptr);
  EXPECT_EQ(error.status, TALLY_NULL_ARGUMENT);
  EXPECT_STREQ(error.text, "tally_module_table: null argument: 'module' is null");
}

TEST(Negotiation, ModulesOfOneInterfaceAreUsedSideBySide) {
  probe::Module older = probe::Module::load(modules + "/probe_1_0.so");
  probe::Module newer = probe::Module::load(modules + "/probe_1_1.so");
  probe::Probe of_older = probe::Probe::create(older, 1);
  probe::Probe of_newer = probe::Probe::create(newer, 2);
  EXPECT_EQ(of_older.value(), 1);
  EXPECT_EQ(of_newer.value(), 2);
  std::int32_t value = 0;
  EXPECT_EQ(newer.api()->probe_value(of_older.handle(), &value), TALLY_WRONG_MODULE);
  EXPECT_NE(
      std::string(tally_last_error()->text).find("that module probe_1_0 made, and this is module probe_1_1"),
      std::string::npos)
      << tally_last_error()->text;
}

}  // namespace
