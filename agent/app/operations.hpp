// SPDX-License-Identifier: Apache-2.0
// Operations: what operators can ask of the running daemon and have it do. A request is one JSON
// object; the answer is records, one a line, and then an object of kind "answer" that says whether
// it was done.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/fwd.hpp>
#include <functional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/control.hpp"
#include "app/control_socket.hpp"
#include "app/memory.hpp"
#include "app/outlets.hpp"
#include "app/setup.hpp"
#include "report/summary.hpp"

namespace tapwarden {

class Operations {
 public:
  struct Tap {
    std::string name;
    std::string interface;
    Summary summary;
  };
  /// Gives the taps' numbers, as they are a moment later.
  using OnTaps = std::function<void(std::vector<Tap>)>;
  using AskTaps = std::function<void(OnTaps)>;
  using AskSocket = std::function<ControlSocket::Counters()>;

  Operations(boost::asio::io_context& loop, Setup& setup, const Common& common, Control& control,
             Memory& memory, Outlets& outlets, const Names& names, AskTaps ask_taps,
             AskSocket ask_socket);
  ~Operations();
  Operations(const Operations&) = delete;
  Operations& operator=(const Operations&) = delete;

  /// `user` asks. `respond` is called once, now or later.
  void operator()(const std::string& request, const std::string& user, Respond respond);

 private:
  using Request = boost::json::object;
  struct Reloaded;

  void status(const Request& request, Respond respond);
  void inventory(const Request& request, Respond respond);
  void explain(const Request& request, Respond respond);
  void alerts(const Request& request, Respond respond);
  void alert(const Request& request, Respond respond);
  void act(const Request& request, const std::string& user, Respond respond);
  void reload(Respond respond);
  void take(Reloaded& reloaded);

  boost::json::object status_object(const std::vector<Tap>& taps) const;
  std::string resolve(std::string_view id, std::string& error) const;
  const Device* device_of(const Alert& alert) const;
  std::string device_line(const Device& device) const;

  boost::asio::io_context& loop_;
  Setup& setup_;
  const Common& common_;
  Control& control_;
  Memory& memory_;
  Outlets& outlets_;
  const Names& names_;
  AskTaps ask_taps_;
  AskSocket ask_socket_;
  Timestamp started_ = wall_clock();
  bool is_reloading_ = false;
  boost::asio::thread_pool background_{1};  // where rules are read
};

}  // namespace tapwarden
