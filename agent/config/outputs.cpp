// SPDX-License-Identifier: Apache-2.0
// The options of outputs: those of all, and for each type its own.
#include <algorithm>

#include "config/row.hpp"

namespace tapwarden::config {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kinds[] = {"device", "alert", "digest", "health", "summary"};
constexpr std::string_view formats[] = {"json", "ecs", "ocsf", "cef", "leef"};
constexpr std::string_view syncs[] = {"never", "alerts", "always"};
constexpr std::string_view transports[] = {"udp", "tcp", "tls"};
constexpr std::string_view framings[] = {"counted", "newline"};
constexpr std::string_view confirms[] = {"read", "acknowledged"};
constexpr std::string_view compressions[] = {"none", "gzip", "zstd"};
constexpr std::string_view bodies[] = {"array", "lines", "object"};

/// A row of a sink's settings, or of a part of them that `part` gives.
template <typename SinkType, typename Access>
Option<OutputSettings> of(std::string key, Access access, Kind kind, std::string help) {
  auto member = [access](auto& output) -> auto& { return access(std::get<SinkType>(output.sink)); };
  return row<OutputSettings>(std::move(key), member, kind, std::move(help));
}

template <typename Access>
Option<OutputSettings> common(std::string key, Access access, Kind kind, std::string help) {
  return row<OutputSettings>(std::move(key), access, kind, std::move(help));
}

#define IN(path) \
  [](auto& settings) -> auto& { return settings.path; }

using Options = std::vector<Option<OutputSettings>>;

Options joined(Options first, const Options& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

template <typename SinkType>
Options tls_options() {
  return {
      of<SinkType>("tls_authorities", IN(tls.authorities), Text{"path"},
                   "PEM file of the authorities that are believed; the system's without it."),
      of<SinkType>("tls_certificate", IN(tls.certificate), Text{"path"},
                   "PEM file of our own certificate with its chain, where the other side asks."),
      of<SinkType>("tls_key", IN(tls.key), Text{"path"},
                   "PEM file of its key; in the file of the certificate without it."),
      of<SinkType>("tls_name", IN(tls.name), Text{"name"},
                   "What the other side's certificate must bear; the host's name without it."),
  };
}

Options file_options() {
  using S = FileSettings;
  return {
      of<S>("path", IN(path), Output{.is_required = true}, "The file."),
      of<S>("rotate_size", IN(size_max), Size{0, int64_t{1} << 40},
            "It is moved aside at this size; 0B: never."),
      of<S>("rotate_age", IN(age_max), Duration{0s, 87600h},
            "And this long after its first line; 0s: never."),
      of<S>("keep", IN(keep), Whole{0, 10000}, "How many files moved aside are kept."),
      of<S>("compression", IN(compression), Choice{compressions}, "Of files moved aside."),
  };
}

Options syslog_options() {
  using S = SyslogSettings;
  return joined(
      {
          of<S>("transport", IN(transport), Choice{transports}, "RFC 5426, RFC 6587, or RFC 5425."),
          of<S>("framing", IN(framing), Choice{framings},
                "How messages are told apart over TCP and TLS: by their size before each, or by a "
                "line feed behind, for receivers that know nothing else."),
          of<S>("host", IN(host), Name{}, "The receiver: a name or an address."),
          of<S>("port", IN(port), Whole{0, 65535}, "0: 514, for TLS 6514."),
          of<S>("facility", IN(facility), Whole{0, 23}, "16 is local0."),
          of<S>("hostname", IN(hostname), Text{"name"},
                "What messages call this machine; its own name without it."),
          of<S>("data_id", IN(data_id), Text{"name@number"},
                "Name of the structured data, with your enterprise number."),
          of<S>("bom", IN(has_bom), Flag{},
                "Whether a byte order mark stands before the text, as RFC 5424 wants and many "
                "receivers do not."),
          of<S>("confirm", IN(confirm), Choice{confirms},
                "What is delivered: what the receiver's program has read (one connection for each "
                "batch), or what its kernel has acknowledged."),
          of<S>("timeout", IN(timeout), Duration{100ms, 5min}, "Of each step."),
      },
      tls_options<S>());
}

Options journal_options() {
  using S = JournalSettings;
  return {
      of<S>("socket", IN(socket), Text{"path"}, "Where the journal listens."),
      of<S>("identifier", IN(identifier), Text{}, "SYSLOG_IDENTIFIER of the entries."),
  };
}

Options web_options() {
  using S = HttpSettings;
  return joined(
      {
          of<S>("url", IN(url), Name{}, "Where to: http or https, without user and password."),
          of<S>("user", IN(authentication.user), Text{}, "For basic authentication."),
          of<S>("password", IN(authentication.password.text), Text{}, "Of the user."),
          of<S>("password_file", IN(authentication.password.file), Text{"path"},
                "Where it stands instead."),
          of<S>("token", IN(authentication.token.text), Text{}, "For a bearer's authentication."),
          of<S>("token_file", IN(authentication.token.file), Text{"path"},
                "Where it stands instead; read again when the other side no longer takes it."),
          of<S>("token_scheme", IN(authentication.scheme), Text{},
                "What stands before the token, such as ApiKey."),
          of<S>("headers", IN(headers), Pairs{"names and texts"}, "Sent besides."),
          of<S>("gzip", IN(gzip), Flag{}, "Whether what is sent is compressed."),
          of<S>("batch", IN(batch), Whole{1, 10000}, "Records of one request at most."),
          of<S>("batch_size", IN(batch_size), Size{1 << 10, 64 << 20}, "Octets of them at most."),
          of<S>("connect_timeout", IN(connect_timeout), Duration{100ms, 10min},
                "For name, connection and TLS together."),
          of<S>("write_timeout", IN(write_timeout), Duration{100ms, 10min}, "For the request."),
          of<S>("answer_timeout", IN(answer_timeout), Duration{100ms, 10min}, "For the answer."),
      },
      tls_options<S>());
}

Options http_options() {
  return joined({of<HttpSettings>("body", IN(body), Choice{bodies},
                                  "One JSON array, one record a line, or one record a request.")},
                web_options());
}

Options splunk_options() {
  using S = HttpSettings;
  return joined(
      {
          of<S>("host", IN(splunk.host), Text{}, "Field host of each event."),
          of<S>("source", IN(splunk.source), Text{}, "Field source."),
          of<S>("sourcetype", IN(splunk.source_type), Text{}, "Field sourcetype."),
          of<S>("index", IN(splunk.index), Text{}, "Field index; the token's own without it."),
      },
      web_options());
}

Options elastic_options() {
  using S = HttpSettings;
  return joined(
      {
          of<S>("index", IN(elastic.index), Text{}, "An index, an alias or a data stream."),
          of<S>("overwrite", IN(elastic.overwrites), Flag{},
                "Whether an event that comes again is written anew; a data stream takes no such."),
      },
      web_options());
}

Options clickhouse_options() {
  using S = HttpSettings;
  return joined(
      {
          of<S>("database", IN(clickhouse.database), Text{}, "The user's own without it."),
          of<S>("table", IN(clickhouse.table), Text{}, "Its table."),
          of<S>("column", IN(clickhouse.column), Text{},
                "Where the whole record goes, beside id, key, kind, severity and time; without it "
                "the members of the record are the columns."),
          of<S>("settings", IN(clickhouse.settings),
                Pairs{"ClickHouse's settings and their values"}, "Of the insertion."),
      },
      web_options());
}

Options kafka_options() {
  using S = KafkaSettings;
  return {
      of<S>("brokers", IN(brokers), Name{}, "host:port, several with commas between them."),
      of<S>("topic", IN(topic), Name{}, "The topic; the key is the device."),
      of<S>("properties", IN(properties), Pairs{"librdkafka's properties and their values"},
            "TLS, SASL and whatever else librdkafka knows."),
      of<S>("password", IN(password.text), Text{}, "sasl.password."),
      of<S>("password_file", IN(password.file), Text{"path"}, "Where it stands instead."),
      of<S>("batch", IN(batch), Whole{1, 10000}, "Records given to librdkafka at a time."),
      of<S>("timeout", IN(timeout), Duration{1s, 5min}, "Of a batch."),
  };
}

Options mail_options() {
  using S = MailSettings;
  return {
      of<S>("program", IN(program), Text{"path"}, "A program that takes mail as sendmail does."),
      of<S>("arguments", IN(arguments), Texts{}, "Given to it before sender and recipients."),
      of<S>("from", IN(sender), Name{}, "The sender's address."),
      of<S>("to", IN(recipients), Texts{"addresses, 1 to 100"}, "The recipients."),
      of<S>("subject", IN(subject), Text{}, "What the subject begins with."),
      of<S>("first", IN(first), Duration{0s, 24h},
            "How long the first record after a quiet time waits for more."),
      of<S>("interval", IN(interval), Duration{1min, 24h}, "From one mail to the next."),
      of<S>("timeout", IN(timeout), Duration{1s, 10min}, "For the program to end."),
  };
}

OutputSettings with(SinkSettings sink) { return {{}, {}, std::move(sink)}; }

OutputSettings with_path(std::string path) {
  FileSettings settings;
  settings.path = std::move(path);
  return with(settings);
}

OutputSettings with_body(HttpTemplate body) {
  HttpSettings settings;
  settings.body = body;
  return with(settings);
}

}  // namespace

std::vector<OutputType> output_types() {
  return {
      {"file", "Lines added to a file, which is rotated.", with_path(""), file_options()},
      {"stdout", "Lines on standard output, where alerts.stdout is false.", with_path("-"), {}},
      {"syslog", "RFC 5424 over UDP, TCP or TLS.", with(SyslogSettings{}), syslog_options()},
      {"journal", "The machine's own journal, with structured fields.", with(JournalSettings{}),
       journal_options()},
      {"http", "POST to a web server.", with_body(HttpTemplate::array), http_options()},
      {"splunk", "Splunk's HTTP Event Collector.", with_body(HttpTemplate::splunk),
       splunk_options()},
      {"elastic", "_bulk of Elasticsearch or OpenSearch.", with_body(HttpTemplate::elastic),
       elastic_options()},
      {"clickhouse", "A table of ClickHouse.", with_body(HttpTemplate::clickhouse),
       clickhouse_options()},
      {"kafka", "A topic of Kafka.", with(KafkaSettings{}), kafka_options()},
      {"mail", "Digests by mail.", with(MailSettings{}), mail_options()},
  };
}

Options output_options() {
  return {
      common("name", IN(outbox.name), Name{}, "What the log, the status and its spool call it."),
      common("kinds", IN(outbox.filter.kinds), Choices{kinds}, "Which records it takes."),
      common("severity", IN(outbox.filter.severity), Choice{severity_names},
             "The least severity of an alert that it takes."),
      common("policies", IN(outbox.filter.policies), Texts{"policy ids"},
             "The policies whose alerts it takes; all without it."),
      common("format", IN(outbox.format), Choice{formats}, "How each record is written."),
      common("queue", IN(outbox.queue), Whole{1, 1000000}, "Records kept in memory."),
      common("spool_size", IN(outbox.spool.size_max), Size{1 << 20, int64_t{1} << 40},
             "Octets kept on disk; when it is full inventory records go before any other."),
      common(
          "spool_sync", IN(outbox.spool.sync), Choice{syncs},
          "When they, and what a file gets of them, are forced to the disk, which matters when the "
          "power fails: never, when there is more than inventory among them, or always."),
      common("retry_min", IN(outbox.retry_min), Duration{10ms, 1h},
             "The first pause after a failure; it doubles."),
      common("retry_max", IN(outbox.retry_max), Duration{10ms, 24h}, "The longest pause."),
      common("answer", IN(outbox.answer_max), Duration{1s, 1h},
             "After this long without an answer the output is said to fail."),
      common("attempts", IN(outbox.attempts_max), Whole{0, 1000000},
             "A record that fails so often while others are taken is set aside; 0: never."),
  };
}

#undef IN

}  // namespace tapwarden::config
