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
  const tally_interface codec{sizeof(tally_interface), 0, "codec", &table, nullptr, nullptr, 0, 0};
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

std::string refusal_of(const std::string& module) {
  try {
    static_cast<void>(probe::Module::load(modules + module));
  } catch (const tally::Error& error) {
    EXPECT_EQ(error.status(), TALLY_VERSION_MISMATCH);
    return error.what();
  }
  return "";
}

TEST(Negotiation, AnErrorWithAnotherNumberIsNamed) {
  const std::string refusal = refusal_of("/probe_renumbered.so");
  EXPECT_NE(
      refusal.find("/probe_renumbered.so: version mismatch: errors.refused is -1000 in the probe 1.1 that "
                   "this host was compiled with, and in the module's 1.0 errors.broken is -1000; one of "
                   "them was changed without a new major version"),
      std::string::npos)
      << refusal;
}

TEST(Negotiation, AnErrorWithAnotherNameIsNamed) {
  const std::string refusal = refusal_of("/probe_renamed.so");
  EXPECT_NE(
      refusal.find("errors.refused is -1000 in the probe 1.1 that this host was compiled with, and in the "
                   "module's 1.0 errors.unwilling is -1000"),
      std::string::npos)
      << refusal;
}

// Interfaces that a table is asked for with, without functions, so that only the numbers are compared.
tally_status status_with(const tally_number* numbers, std::uint32_t count, std::uint32_t size) {
  tally_module* const module = tally_module_load((modules + "/probe_1_0.so").c_str(), nullptr);
  const tally_table_header table{sizeof(tally_table_header), 1, 0};
  const tally_interface own{size, 0, "probe", &table, nullptr, numbers, count, 0};
  tally_error error{};
  tally_module_table(module, &own, &error);
  EXPECT_EQ(tally_module_unload(module), TALLY_OK);
  return error.status;
}

TEST(Negotiation, ANumberThatOnlyOneSideHasIsNoContradiction) {
  const tally_number more[] = {{"errors.torn", -1001}, {"enums.mode.fast", -1000}, {"errors.refused", -1000}};
  EXPECT_EQ(status_with(more, 3, sizeof(tally_interface)), TALLY_OK);
  const tally_number moved[] = {{"errors.torn", -1001}, {"errors.refused", -1002}};
  EXPECT_EQ(status_with(moved, 2, sizeof(tally_interface)), TALLY_VERSION_MISMATCH);
}

TEST(Negotiation, AHostOfAnEarlierReleaseHasNoNumbers) {
  const tally_number moved[] = {{"errors.refused", -1002}};
  EXPECT_EQ(status_with(moved, 1, offsetof(tally_interface, numbers)), TALLY_OK);
}

TEST(Negotiation, AModuleWritesNoMoreThanTheHostHasRoomFor) {
  const tally_module_offer offer{sizeof offer, TALLY_ABI_MAJOR + 1, 0, nullptr, 0, 0, 0, nullptr};
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
