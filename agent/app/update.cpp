// SPDX-License-Identifier: Apache-2.0
// tapwarden update: newer copies of the public registries, from files or the web, checked before
// they take the place of the old ones.
#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

#include "app/commands.hpp"
#include "app/fetch.hpp"
#include "app/setup.hpp"
#include "identify/import.hpp"
#include "report/dates.hpp"

namespace tapwarden {

namespace fs = std::filesystem;

namespace {

/// A folder of our own for what is fetched; gone when we are.
class Downloads {
 public:
  Downloads()
      : folder_(fs::temp_directory_path() / fmt::format("tapwarden-update-{}", ::getpid())) {
    fs::create_directory(folder_);
    fs::permissions(folder_, fs::perms::owner_all);
  }
  ~Downloads() {
    std::error_code none;
    fs::remove_all(folder_, none);
  }
  Downloads(const Downloads&) = delete;
  Downloads& operator=(const Downloads&) = delete;

  /// The file itself, or where the URL's content was put.
  fs::path local(const std::string& source) {
    if (!is_url(source)) return source;
    fs::path file = folder_ / fmt::format("{}-{}", count_++, fs::path(source).filename().string());
    std::cout << "fetching " << source << '\n' << std::flush;
    std::string content = fetch(source);
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }

 private:
  fs::path folder_;
  int count_ = 0;
};

}  // namespace

int update(const UpdateOptions& options) {
  if (options.ieee.empty() && options.enterprise_numbers.empty()) {
    throw UsageError("nothing to update: give --ieee, --enterprise-numbers or both");
  }
  if (!options.ieee.empty() && options.ieee.size() < 4 && !options.force) {
    throw UsageError(
        "--ieee wants all four files (MA-L, MA-M, MA-S, IAB): a new copy holds only what it is "
        "made of");
  }
  fs::path directory = fs::path(options.directory) / "registries";
  fs::create_directories(directory);
  Downloads downloads;
  Diagnostics diagnostics;
  ImportOptions import{options.as_of.value_or(today()), options.force};
  std::string done;
  if (!options.ieee.empty()) {
    std::vector<fs::path> files;
    for (const std::string& source : options.ieee) files.push_back(downloads.local(source));
    if (auto rows = import_ieee(files, directory / "ieee.tsv", import, diagnostics)) {
      done += fmt::format("{}: {} address blocks as of {}\n", (directory / "ieee.tsv").string(),
                          *rows, date_text(import.as_of));
    }
  }
  if (!options.enterprise_numbers.empty()) {
    fs::path file = downloads.local(options.enterprise_numbers);
    if (auto rows = import_enterprise_numbers(file, directory / "enterprise-numbers.tsv", import,
                                              diagnostics)) {
      done += fmt::format("{}: {} enterprise numbers\n",
                          (directory / "enterprise-numbers.tsv").string(), *rows);
    }
  }
  std::cout << done;
  if (!diagnostics.empty()) throw Misconfigured(diagnostics);
  return kDone;
}

}  // namespace tapwarden
