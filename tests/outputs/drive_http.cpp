// SPDX-License-Identifier: Apache-2.0
// Drives one sink, http or kafka, from outside: its settings are the argument, a JSON object, and
// each line of standard input is a command. Each command is answered by one line, with the longest
// time for which the loop stood still.
//   {"batch": [{"id": "a", "key": "k", "text": "{}", "time": 0}]}  delivers; with "drop_after": ms
//                                                                the sink is destroyed while it
//                                                                does
//   {"reopen": true}                                             what SIGHUP does
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <optional>

#include "deliver/sinks/http.hpp"
#include "deliver/sinks/kafka.hpp"

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace tapwarden;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::string text(const json::object& from, json::string_view name, std::string otherwise = {}) {
  const json::value* found = from.if_contains(name);
  return found ? std::string(found->as_string()) : otherwise;
}

template <typename T>
void read(const json::object& from, json::string_view name, T& target) {
  if (const json::value* found = from.if_contains(name)) target = found->to_number<T>();
}

void read(const json::object& from, json::string_view name, std::chrono::milliseconds& target) {
  if (const json::value* found = from.if_contains(name))
    target = std::chrono::milliseconds(found->to_number<int64_t>());
}

Secret secret(const json::object& from, const std::string& name) {
  return {.text = text(from, name), .file = text(from, name + "_file")};
}

json::object part(const json::object& from, json::string_view name) {
  const json::value* found = from.if_contains(name);
  return found ? found->as_object() : json::object();
}

HttpTemplate template_of(const std::string& name) {
  for (auto body : {HttpTemplate::array, HttpTemplate::lines, HttpTemplate::object,
                    HttpTemplate::splunk, HttpTemplate::elastic, HttpTemplate::clickhouse})
    if (to_string(body) == name) return body;
  throw std::invalid_argument("no such template: " + name);
}

HttpSettings http_settings(const json::object& from) {
  HttpSettings settings;
  settings.url = text(from, "url");
  settings.body = template_of(text(from, "template", "array"));
  settings.authentication = {.user = text(from, "user"),
                             .password = secret(from, "password"),
                             .token = secret(from, "token"),
                             .scheme = text(from, "scheme")};
  for (const auto& [name, value] : part(from, "headers"))
    settings.headers.emplace_back(name, value.as_string());
  settings.tls = {.authorities = text(from, "authorities"),
                  .certificate = text(from, "certificate"),
                  .key = text(from, "certificate_key"),
                  .name = text(from, "name")};
  settings.gzip = from.contains("gzip");
  read(from, "batch", settings.batch);
  read(from, "batch_size", settings.batch_size);
  read(from, "answer_max", settings.answer_max);
  read(from, "connect_timeout", settings.connect_timeout);
  read(from, "write_timeout", settings.write_timeout);
  read(from, "answer_timeout", settings.answer_timeout);
  settings.splunk.host = text(from, "host");
  settings.splunk.index = text(from, "index");
  settings.elastic.index = text(from, "index", settings.elastic.index);
  settings.elastic.overwrites = from.contains("overwrites");
  settings.clickhouse.database = text(from, "database");
  settings.clickhouse.table = text(from, "table", settings.clickhouse.table);
  settings.clickhouse.column = text(from, "column");
  for (const auto& [name, value] : part(from, "settings"))
    settings.clickhouse.settings[name] = value.as_string();
  return settings;
}

KafkaSettings kafka_settings(const json::object& from) {
  KafkaSettings settings;
  settings.brokers = text(from, "brokers");
  settings.topic = text(from, "topic");
  for (const auto& [name, value] : part(from, "properties"))
    settings.properties[name] = value.as_string();
  settings.password = secret(from, "password");
  read(from, "batch", settings.batch);
  read(from, "timeout", settings.timeout);
  return settings;
}

std::vector<Message> messages(const json::array& from) {
  std::vector<Message> batch;
  for (const json::value& value : from) {
    const json::object& object = value.as_object();
    Message message;
    message.id = text(object, "id");
    message.key = text(object, "key");
    message.text = text(object, "text");
    int64_t micros = 0;
    read(object, "time", micros);
    message.time = Timestamp(std::chrono::microseconds(micros));
    batch.push_back(std::move(message));
  }
  return batch;
}

json::array outcomes(const std::vector<Message>& batch, const std::vector<Delivery>& deliveries) {
  constexpr std::array kNames = {"delivered", "retry", "poisoned"};
  json::array told;
  for (size_t i = 0; i < deliveries.size(); ++i)
    told.push_back({{"id", batch.at(i).id},
                    {"outcome", kNames.at(static_cast<size_t>(deliveries[i].outcome))},
                    {"error", deliveries[i].error},
                    {"pause", deliveries[i].pause.count()}});
  return told;
}

/// How long the loop stood still at most: a timer that should go off every 5 ms.
struct Watch {
  explicit Watch(asio::io_context& loop) : timer(loop) { next(); }
  void next() {
    timer.expires_after(5ms);
    timer.async_wait([this, asked = Clock::now()](const boost::system::error_code& error) {
      if (error) return;
      longest = std::max(longest, Clock::now() - asked);
      next();
    });
  }
  asio::steady_timer timer;
  Clock::duration longest{};
};

struct Drive {
  explicit Drive(const json::object& settings)
      : sink(text(settings, "kind", "http") == "http"
                 ? http_sink(loop.get_executor(), http_settings(settings))
                 : kafka_sink(loop.get_executor(), kafka_settings(settings))) {}

  json::object deliver(const json::object& command) {
    std::vector<Message> batch = messages(command.at("batch").as_array());
    std::optional<std::vector<Delivery>> told;
    bool is_inside = true, was_inside = false;
    Watch watch(loop);
    auto begun = Clock::now();
    sink->deliver(batch, [&](std::vector<Delivery> deliveries) {
      was_inside = is_inside || told.has_value();
      told = std::move(deliveries);
      loop.stop();
    });
    is_inside = false;
    std::chrono::milliseconds drop_after{};
    read(command, "drop_after", drop_after);
    loop.restart();
    if (drop_after > 0ms) {
      loop.run_for(drop_after);
      batch.clear();
      batch.shrink_to_fit();
      sink.reset();
      loop.restart();
      loop.run_for(1s);
    } else {
      loop.run();
    }
    watch.timer.cancel();
    auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
    auto stall = std::chrono::duration_cast<std::chrono::milliseconds>(watch.longest);
    json::object answer{{"ms", took.count()}, {"stall", stall.count()}};
    if (told && !was_inside) answer["outcomes"] = outcomes(batch, *told);
    if (was_inside) answer["broken"] = "called from within deliver(), or twice";
    loop.restart();
    loop.poll();
    if (!sink) return answer;
    answer["batch_max"] = sink->batch_max();
    answer["batch_size_max"] = sink->batch_size_max();
    return answer;
  }

  asio::io_context loop{1};
  std::unique_ptr<Sink> sink;
};

}  // namespace

int main(int count, char** words) try {
  if (count != 2) return 2;
  Drive drive(json::parse(words[1]).as_object());
  std::cout << "{}" << std::endl;
  for (std::string line; drive.sink && std::getline(std::cin, line);) {
    json::object command = json::parse(line).as_object();
    json::object answer;
    if (command.contains("reopen"))
      drive.sink->reopen();
    else
      answer = drive.deliver(command);
    std::cout << json::serialize(answer) << std::endl;
  }
  return 0;
} catch (const std::exception& error) {
  std::cout << json::serialize(json::object{{"error", error.what()}}) << std::endl;
  return 1;
}
