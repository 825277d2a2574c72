// SPDX-License-Identifier: Apache-2.0
#include "support/shared.hpp"

#include <filesystem>

#include "capture/file.hpp"
#include "pipeline/worker.hpp"
#include "support/catch.hpp"

namespace tapwarden::test {

std::optional<std::set<std::string>> shared_facts(std::string_view file) {
  auto path = std::filesystem::path(SOURCE_DIRECTORY) / ".." / "shared" / "captures" / file;
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << file << " is not beside the tree");
    return std::nullopt;
  }
  std::set<std::string> facts;
  auto sink = [](void* told, const Observation& said) {
    if (said.text.empty()) return;
    std::string fact(to_string(said.protocol));
    fact += ' ';
    fact += to_string(said.field);
    fact += ' ';
    fact += said.text.view();
    static_cast<std::set<std::string>*>(told)->insert(fact);
  };
  Worker worker(all_protocols(), NoveltySettings{.entries = 65536}, sink, &facts);
  CaptureFile capture(path);
  Frame frame;
  while (capture.next(frame)) worker(frame);
  worker.finish();
  return facts;
}

}  // namespace tapwarden::test
