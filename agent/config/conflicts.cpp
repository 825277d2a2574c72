// SPDX-License-Identifier: Apache-2.0
// What an output's options say together that cannot be meant: one row for each, for check to tell.
#include <algorithm>

#include "config/options.hpp"
#include "deliver/sinks/url.hpp"

namespace tapwarden::config {

namespace {

using Conflicts = std::vector<Conflict>;

/// A row about outputs of one kind of sink.
template <typename SinkType, typename Test>
Conflict of(std::string_view key, Test test, std::string_view what, bool is_mistake = true) {
  auto is_there = [test](const OutputSettings& output) {
    const auto* sink = std::get_if<SinkType>(&output.sink);
    return sink != nullptr && test(*sink);
  };
  return {key, is_there, what, is_mistake};
}

bool takes(const OutputSettings& output, RecordKind kind) {
  const std::vector<RecordKind>& kinds = output.outbox.filter.kinds;
  return std::ranges::find(kinds, kind) != kinds.end();
}

bool is_json(RecordFormat format) {
  return format != RecordFormat::cef && format != RecordFormat::leef;
}

/// False where there is no URL to tell by.
template <typename Test>
bool url_is(const HttpSettings& http, Test test) {
  try {
    return test(parse_url(http.url));
  } catch (const std::invalid_argument&) {
    return false;
  }
}

bool is_in_clear(const HttpSettings& http) {
  return url_is(http, [](const Url& url) { return !url.is_secure; });
}

bool is_for_all_to_read(const HttpSettings& http) {
  return url_is(http, [](const Url& url) { return !url.is_secure && !is_loopback(url); });
}

bool has_authorization(const HttpSettings& http) {
  return std::ranges::any_of(http.headers, [](const auto& header) {
    return std::ranges::equal(header.first, std::string_view("authorization"), {},
                              [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  });
}

Conflicts common_conflicts() {
  using O = OutputSettings;
  auto has_no_alerts = [](const O& output) { return !takes(output, RecordKind::alert); };
  return {
      {"kinds", [](const O& output) { return output.outbox.filter.kinds.empty(); },
       "empty, so that the output would get nothing: name at least one"},
      {"kinds",
       [](const O& output) {
         return takes(output, RecordKind::alert) && !takes(output, RecordKind::digest);
       },
       "without digest: of the alerts that storm control holds back the output hears nothing",
       false},
      {"severity", has_no_alerts, "chooses among alerts, and there is no alert among kinds"},
      {"policies",
       [=](const O& output) {
         return !output.outbox.filter.policies.empty() && has_no_alerts(output);
       },
       "choose among alerts, and there is no alert among kinds"},
      {"retry_max",
       [](const O& output) { return output.outbox.retry_min > output.outbox.retry_max; },
       "shorter than retry_min"},
      {"retry_min",
       [](const O& output) {
         bool is_standard = output.outbox.retry_max == OutboxSettings{}.retry_max;
         return is_standard && output.outbox.retry_min > output.outbox.retry_max;
       },
       "longer than retry_max"},
      {"format",
       [](const O& output) { return output.type == "elastic" && !is_json(output.outbox.format); },
       "Elasticsearch takes JSON objects alone, allowed are json, ecs and ocsf"},
      {"format",
       [](const O& output) {
         const auto* http = std::get_if<HttpSettings>(&output.sink);
         return output.type == "clickhouse" && http->clickhouse.column.empty() &&
                !is_json(output.outbox.format);
       },
       "without column ClickHouse takes JSON objects alone, allowed are json, ecs and ocsf"},
  };
}

template <typename SinkType, typename Test>
void add_tls(Conflicts& conflicts, Test is_without, std::string_view what) {
  auto add = [&](std::string_view key, auto member) {
    conflicts.push_back(of<SinkType>(
        key, [=](const auto& sink) { return is_without(sink) && !(sink.tls.*member).empty(); },
        what));
  };
  add("tls_authorities", &TlsSettings::authorities);
  add("tls_certificate", &TlsSettings::certificate);
  add("tls_key", &TlsSettings::key);
  add("tls_name", &TlsSettings::name);
  conflicts.push_back(of<SinkType>(
      "tls_key",
      [=](const auto& sink) {
        return !is_without(sink) && !sink.tls.key.empty() && sink.tls.certificate.empty();
      },
      "the key of no certificate: tls_certificate is missing"));
}

Conflicts file_conflicts() {
  using S = FileSettings;
  auto stays = [](const S& file) { return file.size_max == 0 && file.age_max.count() == 0; };
  std::string_view what = "nothing is moved aside where rotate_size is 0B and rotate_age 0s";
  return {of<S>("keep", stays, what), of<S>("compression", stays, what)};
}

Conflicts syslog_conflicts() {
  using S = SyslogSettings;
  auto is_udp = [](const S& syslog) { return syslog.transport == SyslogTransport::udp; };
  auto is_not_tls = [](const S& syslog) { return syslog.transport != SyslogTransport::tls; };
  Conflicts conflicts{
      of<S>("framing", is_udp, "over UDP each message is a datagram of its own"),
      of<S>("confirm", is_udp, "over UDP nothing confirms: transport tcp or tls is needed"),
  };
  add_tls<S>(conflicts, is_not_tls, "is for transport: tls alone");
  return conflicts;
}

Conflicts http_conflicts() {
  using S = HttpSettings;
  auto is_object = [](const S& http) { return http.body == HttpTemplate::object; };
  auto is_shown = [](auto is_set) {
    return [=](const S& http) { return is_set(http.authentication) && is_for_all_to_read(http); };
  };
  std::string_view one = "with body: object each record is a request of its own";
  std::string_view shown = "goes over the network in clear: a URL of https:// would hide it";
  using A = HttpAuthentication;
  Conflicts conflicts{
      of<S>("batch", is_object, one),
      of<S>("batch_size", is_object, one),
      of<S>(
          "token_scheme",
          [](const S& http) {
            return !http.authentication.scheme.empty() && http.authentication.token.empty();
          },
          "stands before a token: token or token_file is missing"),
      of<S>("password", is_shown([](const A& a) { return !a.password.text.empty(); }), shown,
            false),
      of<S>("password_file", is_shown([](const A& a) { return !a.password.file.empty(); }), shown,
            false),
      of<S>("token", is_shown([](const A& a) { return !a.token.text.empty(); }), shown, false),
      of<S>("token_file", is_shown([](const A& a) { return !a.token.file.empty(); }), shown, false),
      of<S>(
          "headers",
          [](const S& http) { return has_authorization(http) && is_for_all_to_read(http); },
          "the authorization among them goes over the network in clear: a URL of https:// would "
          "hide it",
          false),
  };
  add_tls<S>(conflicts, is_in_clear, "is for a URL of https:// alone");
  return conflicts;
}

}  // namespace

Conflicts output_conflicts() {
  Conflicts all = common_conflicts();
  for (const Conflicts& each : {file_conflicts(), syslog_conflicts(), http_conflicts()})
    all.insert(all.end(), each.begin(), each.end());
  return all;
}

}  // namespace tapwarden::config
