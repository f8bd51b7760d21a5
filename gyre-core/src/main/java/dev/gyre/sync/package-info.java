/// Locks, events, conditions, semaphores and queues between the tasks of one loop.
///
/// These suspend a task where those of `java.util.concurrent` block a thread. Start at
/// [dev.gyre.sync.LoopQueue]. Nothing here works across threads or loops, and nothing that needs a
/// channel, a clock or a thread of its own belongs here: time-outs are those of
/// [dev.gyre.loop.LoopFuture#await(java.time.Duration)].
package dev.gyre.sync;
