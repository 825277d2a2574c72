// SPDX-License-Identifier: Apache-2.0
// HTTP: batches that are brought by POST to whatever takes them: a webhook, Splunk, Elasticsearch
// or OpenSearch, ClickHouse (RFC 9110, RFC 9112).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "deliver/sink.hpp"
#include "deliver/sinks/secret.hpp"
#include "deliver/tls.hpp"

namespace tapwarden {

/// How the texts of a batch are put together, and how the answer is read.
enum class HttpTemplate : uint8_t {
  array,       ///< one JSON array; a text that is no JSON object is a string in it
  lines,       ///< one text a line (NDJSON where they are JSON)
  object,      ///< one text a request
  splunk,      ///< HTTP Event Collector
  elastic,     ///< _bulk of Elasticsearch and OpenSearch
  clickhouse,  ///< INSERT ... FORMAT JSONEachRow
};
std::string_view to_string(HttpTemplate body);

struct HttpAuthentication {
  std::string user;    ///< "Basic" with `password` where it is not empty
  Secret password;     ///< of the user; like the token read again whenever the other side does
                       ///< not take what its file last said
  Secret token;        ///< "Bearer", or "Splunk" for that template; not beside a user
  std::string scheme;  ///< before the token instead of these, such as "ApiKey"

  bool operator==(const HttpAuthentication&) const = default;
};

struct SplunkSettings {
  std::string host;  ///< of the sensor; left out when empty, as are the others
  std::string source = "tapwarden";
  std::string source_type = "tapwarden";
  std::string index;

  bool operator==(const SplunkSettings&) const = default;
};

struct ElasticSettings {
  std::string index = "tapwarden";  ///< or alias or data stream
  bool overwrites = false;  ///< "index" instead of "create", which a data stream alone takes

  bool operator==(const ElasticSettings&) const = default;
};

struct ClickhouseSettings {
  std::string database;  ///< the user's own when empty
  std::string table = "tapwarden";
  /// The texts go into this column, beside `id`, `key`, `kind`, `severity` and `time`; when it is
  /// empty the members of the object are the columns.
  std::string column;
  std::map<std::string, std::string> settings{{"input_format_skip_unknown_fields", "1"},
                                              {"date_time_input_format", "best_effort"}};

  bool operator==(const ClickhouseSettings&) const = default;
};

struct HttpSettings {
  /// http or https, without user and password. Where it has no path, the template's own is taken
  /// ("/services/collector/event", "/_bulk").
  std::string url;
  HttpTemplate body = HttpTemplate::array;
  HttpAuthentication authentication;
  std::vector<std::pair<std::string, std::string>> headers;  ///< sent besides, at most 64
  TlsSettings tls;                                           ///< of an https URL
  bool gzip = false;                                         ///< of the request's body

  size_t batch = 500;           ///< messages a request, 1 to 10000
  size_t batch_size = 1 << 20;  ///< octets of their texts, 1 KiB to 64 MiB
  size_t answer_max = 1 << 20;  ///< octets of an answer's body, 1 KiB to 64 MiB
  std::chrono::milliseconds connect_timeout =
      std::chrono::seconds(10);  ///< name, TCP and TLS
                                 ///< together; like the
                                 ///< others 100 ms to 10 min
  std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
  std::chrono::milliseconds answer_timeout = std::chrono::seconds(30);

  SplunkSettings splunk;
  ElasticSettings elastic;
  ClickhouseSettings clickhouse;

  bool operator==(const HttpSettings&) const = default;
};

/// Throws std::invalid_argument for settings that cannot be, in words for the operator. It reads no
/// file.
void check_settings(const HttpSettings& settings);

/// Requests are sent one after the other on one connection that is kept. A batch that is refused as
/// a whole is taken apart until the message that is refused stands alone. What the other side's
/// operator or ours can mend (401, 403, 404, redirects, which are not followed) is tried again.
/// Throws std::invalid_argument for settings that cannot be, std::runtime_error for files that
/// cannot be read.
std::unique_ptr<Sink> http_sink(boost::asio::any_io_executor loop, HttpSettings settings);

}  // namespace tapwarden
