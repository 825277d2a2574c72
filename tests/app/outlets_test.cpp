// SPDX-License-Identifier: Apache-2.0
#include "app/outlets.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>

#include "support/catch.hpp"
#include "support/files.hpp"
#include "support/records.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// A file "paper" in ECS, in a folder that a test may take away, and what is told of it.
struct Office {
  Office() {
    settings.alerts.to_stdout = false;
    settings.state.directory = directory.path() / "state";
    fs::create_directory(folder);
    OutputSettings output;
    output.type = "file";
    output.outbox.name = "paper";
    output.outbox.filter.kinds = {RecordKind::alert};
    output.outbox.format = RecordFormat::ecs;
    output.outbox.spool.sync = SpoolSettings::Sync::never;
    FileSettings file;
    file.path = (folder / "paper.jsonl").string();
    output.sink = file;
    settings.outputs.push_back(output);
  }
  void start() {
    outlets.reset();
    outlets = std::make_unique<Outlets>(
        loop, settings, std::make_shared<Forcer>(), [this](const Health& health) {
          told.push_back(fmt::format("{} {} {}: {}", health.component, health.name,
                                     health.is_degraded ? "degraded" : "ok", health.message));
        });
  }
  json::object status(size_t at = 0) const { return outlets->status().at(at).as_object(); }
  /// Until so many are gone.
  void send(const Record& record, const char* count, uint64_t wanted) {
    outlets->send(record);
    auto end = std::chrono::steady_clock::now() + 60s;
    loop.restart();
    while (status().at(count).to_number<uint64_t>() < wanted &&
           std::chrono::steady_clock::now() < end)
      loop.run_one_for(1ms);
    REQUIRE(status().at(count).to_number<uint64_t>() == wanted);
  }

  boost::asio::io_context loop{1};
  Directory directory;
  fs::path folder = directory.path() / "out";
  config::Settings settings;
  Lines told;
  std::unique_ptr<Outlets> outlets;
};

Record unencodable(unsigned number) {
  Record record = numbered(number);
  record.line = "no JSON";
  return record;
}

}  // namespace

TEST_CASE("Outlets: what is set aside is told, at once and then together, and stands in the status",
          "[outlets]") {
  Office office;
  office.start();
  CHECK(office.status().at("status") == "ok");
  office.send(unencodable(0), "set_aside", 1);
  CHECK(office.status().at("status") == "degraded");  // before the next tick
  CHECK(office.status().at("error").as_string().starts_with(
      "1 set aside and not delivered, the last of them: "));
  office.outlets->tick();
  REQUIRE(office.told.size() == 1);
  CHECK(office.told[0].starts_with(
      "output paper degraded: 1 set aside and not delivered, the last of them: "));
  for (unsigned i = 1; i < 5; ++i) office.send(unencodable(i), "set_aside", i + 1);
  office.outlets->tick();
  CHECK(office.told.size() == 1);
  CHECK(office.status().at("status") == "degraded");
  Summary summary;
  office.outlets->add_to(summary);
  CHECK(summary.bounds == decltype(summary.bounds){{"output_paper_set_aside", 5}});
}

TEST_CASE("Outlets: a file that cannot be opened anew is told of, until it can", "[outlets]") {
  Office office;
  office.start();
  office.outlets->reopen();
  CHECK(office.told.empty());
  fs::rename(office.folder, office.directory.path() / "moved");
  office.outlets->reopen();
  std::string error = (office.folder / "paper.jsonl").string() + ": No such file or directory";
  CHECK(office.told == Lines{"output paper degraded: " + error + "; what it had stays in use"});
  CHECK(office.status().at("status") == "degraded");
  CHECK(office.status().at("error").as_string() == error);
  fs::create_directory(office.folder);
  office.outlets->reopen();
  REQUIRE(office.told.size() == 2);
  CHECK(office.told[1] == "output paper ok: its files are read anew");
  CHECK(office.status().at("status") == "ok");
}

TEST_CASE("Outlets: a spool without an output is told of, and stands in the status", "[outlets]") {
  Office office;
  fs::path spools = office.settings.state.directory / "spool";
  {
    Spool spool(spools / "old", {});
    for (unsigned i = 0; i < 3; ++i) spool.append(numbered(i));
  }
  SECTION("beside others") {}
  SECTION("where there is no output at all") { office.settings.outputs.clear(); }
  office.start();
  CHECK(office.told.empty());  // nobody can be told yet
  office.outlets->tell_orphans();
  std::string error = "3 records wait; no output has this name: name one so again, or remove " +
                      (spools / "old").string();
  CHECK(office.told == Lines{"spool old degraded: " + error});
  json::object status = office.status(office.settings.outputs.size());
  CHECK(status.at("name") == "old");
  CHECK(status.at("type") == "spool");
  CHECK(status.at("status") == "degraded");
  CHECK(status.at("error").as_string() == error);
  CHECK(status.at("waiting") == 3);
  CHECK(status.at("lag_seconds").as_double() > 0);
}

TEST_CASE("Outlets: two agents do not share a spool, in words", "[outlets]") {
  Office office;
  office.start();
  CHECK_THROWS_WITH(
      Outlets(office.loop, office.settings, std::make_shared<Forcer>(), [](const Health&) {}),
      "output paper: " + (office.settings.state.directory / "spool/paper").string() +
          ": another agent has this spool");
}
