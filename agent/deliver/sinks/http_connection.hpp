// SPDX-License-Identifier: Apache-2.0
// Connection of an http output: one request and its answer at a time, over TCP or TLS, kept for the
// next. Every step is bounded in time and every answer in size.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "deliver/sinks/http.hpp"
#include "deliver/sinks/http_answer.hpp"
#include "deliver/sinks/url.hpp"

namespace tapwarden {

struct HttpRequest {
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

/// An answer, or why there is none.
struct HttpExchange {
  HttpAnswer answer{};
  std::string error{};
};

class HttpConnection {
 public:
  /// Throws as client_context() does where the URL is one of https.
  HttpConnection(boost::asio::any_io_executor loop, const HttpSettings& settings, Url url);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// Must have ended before the connection goes; close() ends it soon.
  boost::asio::awaitable<HttpExchange> exchange(HttpRequest request);

  /// Reads the certificates again. Where that fails the old ones stay, and the error is returned.
  std::string reopen();
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapwarden
