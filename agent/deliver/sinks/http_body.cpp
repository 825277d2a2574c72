// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/http_body.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>

namespace tapwarden {

namespace {

namespace json = boost::json;

std::string json_string(std::string_view text) {
  return json::serialize(json::value(json::string_view(text.data(), text.size())));
}

/// What encode() made is a JSON object or no JSON at all.
bool is_object(const Message& message) { return message.text.starts_with('{'); }

std::string json_of(const Message& message) {
  return is_object(message) ? message.text : json_string(message.text);
}

void append_member(std::string& target, std::string_view name, const std::string& text) {
  if (text.empty()) return;
  if (!target.ends_with('{')) target += ',';
  target += fmt::format("\"{}\":{}", name, json_string(text));
}

std::string array_body(std::span<const Message> batch) {
  std::string body;
  for (const Message& message : batch) body += (body.empty() ? '[' : ',') + json_of(message);
  return body + ']';
}

std::string lines_body(std::span<const Message> batch) {
  std::string body;
  for (const Message& message : batch) body += message.text + '\n';
  return body;
}

/// Seconds since 1970 as a decimal number: JSON's own numbers would lose the microseconds.
std::string epoch_seconds(Timestamp time) {
  int64_t micros =
      std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
  return fmt::format("{}.{:06}", micros / 1'000'000, micros % 1'000'000);
}

std::string splunk_body(const SplunkSettings& settings, std::span<const Message> batch) {
  std::string common;
  append_member(common, "host", settings.host);
  append_member(common, "source", settings.source);
  append_member(common, "sourcetype", settings.source_type);
  append_member(common, "index", settings.index);
  std::string body;
  for (const Message& message : batch) {
    // Without its time an event is given that of its arrival.
    if (message.time.time_since_epoch().count() > 0)
      body += fmt::format("{{\"time\":{}{},\"event\":{}}}\n", epoch_seconds(message.time), common,
                          json_of(message));
    else
      body += fmt::format("{{\"event\":{}{}}}\n", json_of(message), common);
  }
  return body;
}

std::string elastic_body(const ElasticSettings& settings, std::span<const Message> batch) {
  std::string body;
  for (const Message& message : batch) {
    std::string action = "{";
    append_member(action, "_index", settings.index);
    append_member(action, "_id", message.id);
    body += fmt::format("{{\"{}\":{}}}}}\n{}\n", settings.overwrites ? "index" : "create", action,
                        message.text);
  }
  return body;
}

std::string clickhouse_row(const ClickhouseSettings& settings, const Message& message) {
  std::string row = "{";
  append_member(row, "id", message.id);
  append_member(row, "key", message.key);
  append_member(row, "kind", std::string(to_string(message.kind)));
  append_member(row, "severity", std::string(to_string(message.severity)));
  append_member(row, "time", to_rfc3339(message.time));
  return fmt::format("{},{}:{}}}\n", row, json_string(settings.column), json_string(message.text));
}

std::string clickhouse_body(const ClickhouseSettings& settings, std::span<const Message> batch) {
  if (settings.column.empty()) return lines_body(batch);
  std::string body;
  for (const Message& message : batch) body += clickhouse_row(settings, message);
  return body;
}

std::string identifier(std::string_view name) {
  std::string written = "`";
  for (char c : name) {
    if (c == '`' || c == '\\') written += '\\';
    written += c;
  }
  return written + '`';
}

std::string clickhouse_query(const ClickhouseSettings& settings) {
  std::string table = identifier(settings.table);
  if (!settings.database.empty()) table = identifier(settings.database) + '.' + table;
  std::string query =
      "query=" + percent_encoded(fmt::format("INSERT INTO {} FORMAT JSONEachRow", table));
  for (const auto& [name, value] : settings.settings)
    query += '&' + percent_encoded(name) + '=' + percent_encoded(value);
  return query;
}

}  // namespace

std::string_view to_string(HttpTemplate body) {
  switch (body) {
    case HttpTemplate::array:
      return "array";
    case HttpTemplate::lines:
      return "lines";
    case HttpTemplate::object:
      return "object";
    case HttpTemplate::splunk:
      return "splunk";
    case HttpTemplate::elastic:
      return "elastic";
    case HttpTemplate::clickhouse:
      return "clickhouse";
  }
  return "";
}

std::string http_target(const HttpSettings& settings, const Url& url) {
  std::string_view path, query;
  std::string own_query;
  if (settings.body == HttpTemplate::splunk) path = "/services/collector/event";
  if (settings.body == HttpTemplate::elastic) {
    path = "/_bulk";
    query = "filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason";
  }
  if (settings.body == HttpTemplate::clickhouse)
    query = own_query = clickhouse_query(settings.clickhouse);
  std::string target = url.target;
  size_t question = std::min(target.find('?'), target.size());
  if (question == 1) target.replace(0, path.empty() ? 0 : 1, path);
  if (query.empty()) return target;
  target += question < url.target.size() ? '&' : '?';
  return target += query;
}

std::string_view http_content_type(HttpTemplate body) {
  bool has_lines = body == HttpTemplate::lines || body == HttpTemplate::elastic;
  return has_lines ? "application/x-ndjson" : "application/json";
}

std::string http_body(const HttpSettings& settings, std::span<const Message> batch) {
  switch (settings.body) {
    case HttpTemplate::array:
      return array_body(batch);
    case HttpTemplate::object:
      return json_of(batch.front());
    case HttpTemplate::splunk:
      return splunk_body(settings.splunk, batch);
    case HttpTemplate::elastic:
      return elastic_body(settings.elastic, batch);
    case HttpTemplate::clickhouse:
      return clickhouse_body(settings.clickhouse, batch);
    case HttpTemplate::lines:
      break;
  }
  return lines_body(batch);
}

std::string http_unfit(const HttpSettings& settings, const Message& message) {
  if (message.text.find('\n') != std::string::npos || message.text.find('\r') != std::string::npos)
    return "a text of several lines, which would be taken for several messages";
  bool needs_object =
      settings.body == HttpTemplate::elastic ||
      (settings.body == HttpTemplate::clickhouse && settings.clickhouse.column.empty());
  if (needs_object && !is_object(message))
    return fmt::format("{} takes JSON objects alone: choose such a format",
                       to_string(settings.body));
  return {};
}

std::string gzipped(std::string_view text) {
  constexpr int kWindowAndGzip = 15 + 16;
  z_stream stream{};
  // The fastest level: the loop waits for this.
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kWindowAndGzip, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    throw std::runtime_error("no memory to compress");
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string source(text);  // zlib takes no const
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  int result = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("cannot compress");
  return packed;
}

}  // namespace tapwarden
