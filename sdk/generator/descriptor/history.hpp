// The history of an interface: for each version that was locked, a file that fixes its functions, their slots
// and their meanings, and the numbers of its errors and of its enums' values. What has been locked can't be
// changed any more; a newer minor may only add at the end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "generator/backends/backend.hpp"
#include "generator/generate.hpp"

namespace tally::generator {

/// Where an interface's history is kept unless told otherwise: the folder "history" beside its description.
std::filesystem::path history_folder(const std::string& description_file);

/// The lock file of this version, as an artefact below the history folder: "codec-1.0.lock.json".
Artefact lock_of(const model::Interface& interface);

/// Every way in which the description breaks what the locked versions of its major have fixed: a function
/// that is gone, has moved to another slot or means something else, or that was added to a locked version; an
/// error or a value of an enum that is gone, has another number, or was added. Each says what to do. A lock
/// file that can't be read is a mistake too. No history, no mistakes.
Diagnostics check_history(const Loaded& loaded, const std::filesystem::path& folder);

}  // namespace tally::generator
