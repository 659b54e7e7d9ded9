import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, platform } from "node:os";
import type { ProcessIdentity } from "../contract/deployment-events.js";

/** This process, so that another can prove that it is gone. */
export function currentProcess(name: string): ProcessIdentity {
  return { name, host: hostname(), pid: process.pid, boot: bootOf(), started: startOf(process.pid) };
}

/**
 * Whether a process is gone for certain: it ran on this very boot of this machine (and in this container), and no process has its pid, or another one has. Anything that cannot be proved
 * is `false`.
 */
export function isProvenDead(other: ProcessIdentity): boolean {
  if (other.boot === null || other.started === null || other.host !== hostname() || other.boot !== bootOf()) return false;
  const started = startOf(other.pid);
  return started === "gone" || (started !== null && started !== other.started);
}

/** The boot of the machine, and where the system has them the pid namespace: the same pid in another container is another process. */
function bootOf(): string | null {
  try {
    if (platform() === "linux")
      return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${readlinkSync("/proc/self/ns/pid")}`;
    if (platform() === "darwin") return execFileSync("sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8" }).trim();
  } catch {
    // Not told: nothing can be proved.
  }
  return null;
}

/** When a process started, `gone` if there is none, `null` if the system does not tell. */
function startOf(pid: number): string | null {
  if (platform() === "linux") return linuxStart(pid);
  if (platform() !== "darwin") return null;
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "gone";
  }
}

function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    // Field 22, counted behind the command's name, which may hold spaces and brackets. A zombie has ended.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "gone" : (fields[19] ?? null);
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH") ? "gone" : null;
  }
}
