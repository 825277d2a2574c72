// SPDX-License-Identifier: Apache-2.0
// What outputs say that cannot be, or would do nothing: each is told at its place.
#include <fmt/format.h>

#include "config/load.hpp"
#include "support/catch.hpp"
#include "support/temporary.hpp"

using namespace tapwarden;
using namespace tapwarden::config;
using namespace tapwarden::test;

namespace {

using Told = std::vector<std::string>;

Told texts(const Diagnostics& diagnostics) {
  Told texts;
  for (const Diagnostic& each : diagnostics.all())
    texts.push_back(fmt::format("{}:{}: {}", each.line, each.column, each.message));
  return texts;
}

struct Read {
  Settings settings;
  Told complaints;
  Told notes;
};

Read read(std::string_view text) {
  TemporaryFile file("tapwarden.yaml", text);
  Diagnostics diagnostics, notes;
  Settings settings = load(file.path(), diagnostics, &notes);
  return {std::move(settings), texts(diagnostics), texts(notes)};
}

constexpr std::string_view kHead = "state: {directory: s}\nalerts: {stdout: false}\noutputs:\n";

/// Of one output, whose first option after its name is in column 15.
Told complaints(std::string_view output) {
  return read(fmt::format("{}  - {{name: a, {}}}\n", kHead, output)).complaints;
}

/// The only complaint, without line and column; its column is where `key` stands.
std::string complaint(std::string_view output, std::string_view key) {
  std::string line = fmt::format("  - {{name: a, {}}}", output);
  Told told = complaints(output);
  REQUIRE(told.size() == 1);
  size_t value = line.find(fmt::format(" {}: ", key)) + key.size() + 3;
  std::string place = fmt::format("4:{}: outputs[0].{}: ", value + 1, key);
  INFO(told[0]);
  REQUIRE(told[0].starts_with(place));
  return told[0].substr(place.size());
}

constexpr std::string_view kKafka = "type: kafka, brokers: b, topic: t";
constexpr std::string_view kHttps = "type: http, url: 'https://x'";

std::string with(std::string_view output, std::string_view more) {
  return fmt::format("{}, {}", output, more);
}

}  // namespace

TEST_CASE("an output that its sink could not use is told at its place", "[config]") {
  CHECK(complaint("type: http, url: 'ftp://x'", "url") ==
        "not a URL that begins with http:// or https://");
  CHECK(complaint(with(kHttps, "user: u, token: t"), "token") ==
        "beside a user: only one of them can prove who we are");
  CHECK(complaint(with(kHttps, "password: p"), "password") == "without a user");
  CHECK(complaint(with(kHttps, "password_file: p"), "password_file") == "without a user");
  CHECK(complaint(with(kHttps, "user: u, password: p, password_file: q"), "password") ==
        "beside password_file");
  CHECK(complaint(with(kHttps, "token: p, token_file: q"), "token") == "beside token_file");
  CHECK(complaint(with(kKafka, "properties: {acks: 1}"), "properties") == "acks is ours to set");
  CHECK(complaint(with(kKafka, "properties: {no.such: 1}"), "properties") ==
        "no.such: No such configuration property: \"no.such\"");
  CHECK(complaint(with(kKafka, "password: p, password_file: q"), "password") ==
        "beside password_file");
  for (std::string_view topic : {"'a b'", "a/b", "'..'", "\u00e9"})
    CHECK(complaint(fmt::format("type: kafka, brokers: b, topic: {}", topic), "topic") ==
          "allowed are 1 to 249 letters, digits, '.', '_' and '-'");
  CHECK(complaints(fmt::format("type: kafka, brokers: b, topic: {}", std::string(249, 'A'))) ==
        Told{});
  CHECK(
      complaints(fmt::format("type: kafka, brokers: b, topic: {}", std::string(250, 'A'))).size() ==
      1);
  CHECK(complaints("type: mail, from: a@b") == Told{"4:5: outputs[0]: to: no recipients"});
  CHECK(complaint("type: syslog, host: h, data_id: 'a b'", "data_id") ==
        "1 to 32 letters, digits and signs but '=', ']' and '\"' (RFC 5424 section 6.3.2)");
  CHECK(complaints(with(kHttps, "tls_authorities: /nowhere")) == Told{});
  CHECK(complaints("type: file, path: out") == Told{});
  CHECK(complaints("type: journal") == Told{});
}

TEST_CASE("what check shows of a mistake has no end of line in it", "[config]") {
  CHECK(complaint("type: mail, to: [c@d], from: \"a@b\\nBcc: x\"", "from") ==
        "\"a@b Bcc: x\" is no address");
}

TEST_CASE("a format that an output's receiver cannot take is refused, and no other", "[config]") {
  constexpr std::string_view web = "url: 'https://x'";
  for (std::string_view format : {"json", "ecs", "ocsf", "cef", "leef"}) {
    bool is_json = format != "cef" && format != "leef";
    std::string chosen = fmt::format("format: {}", format);
    std::string elastic = fmt::format("type: elastic, {}, {}", web, chosen);
    std::string clickhouse = fmt::format("type: clickhouse, {}, {}", web, chosen);
    if (is_json) {
      CHECK(complaints(elastic) == Told{});
      CHECK(complaints(clickhouse) == Told{});
    } else {
      CHECK(complaint(elastic, "format") ==
            "Elasticsearch takes JSON objects alone, allowed are json, ecs and ocsf");
      CHECK(complaint(clickhouse, "format") ==
            "without column ClickHouse takes JSON objects alone, allowed are json, ecs and ocsf");
    }
    CHECK(complaints(clickhouse + ", column: record") == Told{});
    for (std::string_view other :
         {"type: splunk, url: 'https://x'", "type: http, url: 'https://x'",
          "type: http, body: lines, url: 'https://x'", "type: http, body: object, url: 'https://x'",
          "type: kafka, brokers: b, topic: t", "type: mail, from: a@b, to: [c@d]", "type: journal",
          "type: syslog, host: h", "type: file, path: out", "type: stdout"})
      CHECK(complaints(fmt::format("{}, {}", other, chosen)) == Told{});
  }
}

TEST_CASE("an option of an output that would do nothing is told", "[config]") {
  constexpr std::string_view journal = "type: journal";
  CHECK(complaint(with(journal, "kinds: []"), "kinds") ==
        "empty, so that the output would get nothing: name at least one");
  CHECK(complaint(with(journal, "kinds: [device], severity: high"), "severity") ==
        "chooses among alerts, and there is no alert among kinds");
  CHECK(complaint(with(journal, "kinds: [health], policies: [p]"), "policies") ==
        "choose among alerts, and there is no alert among kinds");
  CHECK(complaints(with(journal, "kinds: [alert], severity: high, policies: [p]")) == Told{});
  CHECK(complaints(with(journal, "kinds: [health], policies: []")) == Told{});
  CHECK(complaint(with(journal, "retry_min: 1m, retry_max: 59s"), "retry_max") ==
        "shorter than retry_min");
  CHECK(complaint(with(journal, "retry_max: 10ms"), "retry_max") == "shorter than retry_min");
  CHECK(complaint(with(journal, "retry_min: 1h"), "retry_min") == "longer than retry_max");
  CHECK(complaints(with(journal, "retry_min: 1m, retry_max: 1m")) == Told{});

  for (std::string_view key : {"tls_authorities", "tls_certificate", "tls_key", "tls_name"}) {
    std::string option = fmt::format("{}: x", key);
    for (std::string_view transport : {"udp", "tcp"})
      CHECK(complaint(fmt::format("type: syslog, host: h, transport: {}, {}", transport, option),
                      key) == "is for transport: tls alone");
    for (std::string_view type : {"http", "splunk", "elastic", "clickhouse"})
      CHECK(complaint(fmt::format("type: {}, url: 'http://x', {}", type, option), key) ==
            "is for a URL of https:// alone");
    CHECK(complaints(fmt::format("type: http, url: 'http://x', {}: ''", key)) == Told{});
  }
  for (std::string_view output : {"type: syslog, host: h", "type: http, url: 'https://x'"}) {
    CHECK(complaint(with(output, "tls_key: k"), "tls_key") ==
          "the key of no certificate: tls_certificate is missing");
    CHECK(complaints(with(output, "tls_key: k, tls_certificate: c")) == Told{});
  }
  CHECK(complaint("type: syslog, host: h, transport: udp, framing: counted", "framing") ==
        "over UDP each message is a datagram of its own");
  CHECK(complaint("type: syslog, host: h, transport: udp, confirm: read", "confirm") ==
        "over UDP nothing confirms: transport tcp or tls is needed");

  CHECK(complaint(with(kHttps, "token_scheme: ApiKey"), "token_scheme") ==
        "stands before a token: token or token_file is missing");
  CHECK(complaints(with(kHttps, "token_scheme: ApiKey, token_file: f")) == Told{});
  CHECK(complaints(with(kHttps, "user: u")) == Told{});  // a user may have no password
  for (std::string_view key : {"batch: 7", "batch_size: 2KiB"})
    CHECK(complaint(with(with(kHttps, "body: object"), key), key.substr(0, key.find(':'))) ==
          "with body: object each record is a request of its own");

  CHECK(complaint("type: file, path: p, rotate_size: 0B, keep: 3", "keep") ==
        "nothing is moved aside where rotate_size is 0B and rotate_age 0s");
  CHECK(complaint("type: file, path: p, rotate_size: 0B, compression: gzip", "compression") ==
        "nothing is moved aside where rotate_size is 0B and rotate_age 0s");
  CHECK(complaints("type: file, path: p, rotate_size: 0B, rotate_age: 1d, keep: 3") == Told{});
}

TEST_CASE("a secret that goes over the network in clear is worth a word", "[config]") {
  auto notes = [](std::string_view output) {
    Read one = read(fmt::format("{}  - {{name: a, {}}}\n", kHead, output));
    CHECK(one.complaints == Told{});
    return one.notes;
  };
  constexpr std::string_view shown =
      "goes over the network in clear: a URL of https:// would hide it";
  CHECK(notes("type: splunk, url: 'http://siem.example', token: t") ==
        Told{fmt::format("4:64: outputs[0].token: {}", shown)});
  CHECK(notes("type: http, url: 'http://192.0.2.1', user: u, password_file: f").size() == 1);
  CHECK(notes("type: http, url: 'http://x', headers: {Authorization: secret}").size() == 1);
  for (std::string_view host : {"localhost", "127.0.0.1", "127.9.9.9:8088", "[::1]:80"})
    CHECK(notes(fmt::format("type: http, url: 'http://{}', token: t", host)) == Told{});
  CHECK(notes(with(kHttps, "token: t")) == Told{});
  CHECK(notes("type: http, url: 'http://x', headers: {X: y}") == Told{});
}

TEST_CASE("alerts without digests are worth a word", "[config]") {
  auto notes = [](std::string_view kinds) {
    Read one =
        read(fmt::format("{}  - {{name: a, type: file, path: p, kinds: {}}}\n", kHead, kinds));
    CHECK(one.complaints == Told{});
    return one.notes;
  };
  CHECK(notes("[alert]") ==
        Told{"4:43: outputs[0].kinds: without digest: of the alerts that storm control holds back "
             "the output hears nothing"});
  CHECK(notes("[alert, digest]") == Told{});
  CHECK(notes("[device, summary]") == Told{});
}

TEST_CASE("standard output is a type of its own, for one writer alone", "[config]") {
  auto told = [](std::string_view alerts, std::string_view outputs) {
    return read(fmt::format("state: {{directory: s}}\nalerts: {{{}}}\noutputs:\n{}", alerts,
                            outputs))
        .complaints;
  };
  constexpr std::string_view twice =
      "alerts go to standard output already: set alerts.stdout: false";
  CHECK(told("stdout: false", "  - {type: stdout, name: a}\n") == Told{});
  CHECK(told("stdout: true", "  - {type: stdout, name: a}\n") ==
        Told{fmt::format("4:12: outputs[0].type: {}", twice)});
  CHECK(told("", "  - {type: stdout, name: a}\n") ==
        Told{fmt::format("4:12: outputs[0].type: {}", twice)});
  CHECK(told("stdout: false", "  - {type: stdout, name: a}\n  - {type: stdout, name: b}\n") ==
        Told{"5:12: outputs[1].type: the same as outputs[0].type in line 4"});
  CHECK(complaints("type: stdout, rotate_age: 1d").size() == 1);
  CHECK(complaint("type: file, path: '-'", "path") ==
        "no file: standard output is for alerts.stdout, or an output of type: stdout");
  CHECK(complaints("type: file") == Told{"4:5: outputs[0].path: missing"});
  const Settings settings = read(fmt::format("{}  - {{type: stdout, name: a}}\n", kHead)).settings;
  CHECK(std::get<FileSettings>(settings.outputs.at(0).sink).path == "-");
}
