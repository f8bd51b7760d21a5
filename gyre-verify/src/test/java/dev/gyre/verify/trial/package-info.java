/// Programs that put a loop under what once stopped one for ever, or broke an innocent task.
/// Started by `./gyre trial`, see [dev.gyre.verify.launch.Trials]; not tests by themselves.
package dev.gyre.verify.trial;
