/*
 * A DUT adapter in C for an agent that is a program on this machine.
 *
 *   cc -std=c99 -o adapter adapter.c
 *   ./adapter PROGRAM [ARGUMENT...]
 *
 * Only device_on() knows anything about the agent (here: the options of the reference agent). Change it for yours.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE = 16384, TEXT = 4096, MAX_ARGUMENTS = 64 };

/* What the last provision asked for. */
static struct {
  char acs_url[TEXT], username[TEXT], password[TEXT];
  char cr_username[TEXT], cr_password[TEXT], interval[TEXT], ca_file[TEXT];
} wanted;

static const char *state_dir;
static char **program; /* the agent and its first arguments, ended by NULL */
static volatile sig_atomic_t told_to_go;
static sigset_t ending_signals;
static pid_t agent = -1;

static void on_signal(int signal_number) {
  (void)signal_number;
  told_to_go = 1;
}

static void on_ending_signals(void (*handler)(int)) {
  struct sigaction action;

  memset(&action, 0, sizeof action); /* no SA_RESTART: a signal ends the wait for the next request */
  action.sa_handler = handler;
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
}

/* --- the device ----------------------------------------------------------------------------------------------------------- */

static int device_on(void) {
  char agent_dir[TEXT], log_file[TEXT];
  char *arguments[MAX_ARGUMENTS + 1];
  size_t count = 0;
  struct { const char *option; char *value; } options[] = {
    { "--acs-url", wanted.acs_url },
    { "--acs-username", wanted.username },
    { "--connection-request-username", wanted.cr_username },
    { "--periodic-inform-interval", wanted.interval },
    { "--trusted-ca", wanted.ca_file },
    { "--state-dir", agent_dir },
  };

  snprintf(agent_dir, sizeof agent_dir, "%s/agent", state_dir);
  snprintf(log_file, sizeof log_file, "%s/agent.log", state_dir);
  for (char **p = program; *p && count < MAX_ARGUMENTS - 12; p++) arguments[count++] = *p;
  for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
    if (options[i].value[0] == '\0') continue;
    arguments[count++] = (char *)options[i].option;
    arguments[count++] = options[i].value;
  }
  arguments[count] = NULL;

  int log = open(log_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

  /* A signal between fork and exec must reach the agent, not be swallowed by our own handler. */
  sigprocmask(SIG_BLOCK, &ending_signals, NULL);
  agent = fork();
  if (agent != 0) {
    sigprocmask(SIG_UNBLOCK, &ending_signals, NULL);
    close(log);
    return agent > 0;
  }
  on_ending_signals(SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &ending_signals, NULL);
  int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  dup2(log, 1); /* our stdout belongs to the answers */
  dup2(log, 2);
  setenv("CWMP_ACS_PASSWORD", wanted.password, 1);
  setenv("CWMP_CONNECTION_REQUEST_PASSWORD", wanted.cr_password, 1);
  execvp(arguments[0], arguments);
  _exit(127);
}

static int device_is_alive(void) {
  if (agent > 0 && waitpid(agent, NULL, WNOHANG) != 0) agent = -1;
  return agent > 0;
}

/* SIGTERM switches off politely, SIGKILL is a power cut. */
static void device_off(int signal_number) {
  if (!device_is_alive()) return;
  kill(agent, signal_number);
  while (waitpid(agent, NULL, 0) < 0 && errno == EINTR) {
    if (told_to_go) kill(agent, SIGKILL);
  }
  agent = -1;
}

/* Clears what the agent keeps over a restart. */
static int device_forget(void) {
  char agent_dir[TEXT];
  int status;

  snprintf(agent_dir, sizeof agent_dir, "%s/agent", state_dir);
  pid_t remover = fork();
  if (remover < 0) return 0;
  if (remover == 0) {
    execlp("rm", "rm", "-rf", agent_dir, (char *)NULL);
    _exit(127);
  }
  if (waitpid(remover, &status, 0) != remover) return 0;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* --- the contract --------------------------------------------------------------------------------------------------------- */

/*
 * Copies the text that the request has under a key; the empty text when it has none. The harness never puts a quote between
 * the quotes of a text, and its only escapes are \uXXXX for quotes, backslashes and control characters.
 */
static void text(const char *line, const char *key, char *out) {
  char pattern[64];
  size_t length = 0;

  snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
  const char *at = strstr(line, pattern);
  if (at) {
    for (at += strlen(pattern); *at && *at != '"' && length < TEXT - 1; at++) {
      unsigned code;
      if (*at == '\\' && sscanf(at, "\\u%4x", &code) == 1) {
        out[length++] = (char)code;
        at += 5;
      } else {
        out[length++] = *at;
      }
    }
  }
  out[length] = '\0';
}

static void answer(long id, const char *rest) {
  printf("{\"id\":%ld,\"answer\":%s}\n", id, rest);
  fflush(stdout); /* stdout is a pipe: without this the answer stays here */
}

static void handle(const char *line) {
  long id = strtol(line + strlen("{\"id\":"), NULL, 10);
  char request[TEXT], out[TEXT];

  text(line, "request", request);
  if (strcmp(request, "hello") == 0) {
    answer(id, "\"ok\",\"abilities\":\"provision alive powerCycle factoryReset readLogs\"");
  } else if (strcmp(request, "provision") == 0) {
    text(line, "acsUrl", wanted.acs_url);
    text(line, "username", wanted.username);
    text(line, "password", wanted.password);
    text(line, "connectionRequestUsername", wanted.cr_username);
    text(line, "connectionRequestPassword", wanted.cr_password);
    text(line, "periodicInformInterval", wanted.interval);
    text(line, "trustedCaFile", wanted.ca_file);
    device_off(SIGTERM);
    answer(id, device_on() ? "\"ok\"" : "\"failed\",\"reason\":\"cannot start the agent\"");
  } else if (strcmp(request, "alive") == 0) {
    answer(id, device_is_alive() ? "\"ok\",\"alive\":\"yes\"" : "\"ok\",\"alive\":\"no\"");
  } else if (strcmp(request, "powerCycle") == 0) {
    device_off(SIGKILL);
    answer(id, device_on() ? "\"ok\"" : "\"failed\",\"reason\":\"cannot start the agent\"");
  } else if (strcmp(request, "factoryReset") == 0) {
    device_off(SIGTERM);
    int done = device_forget() && device_on();
    answer(id, done ? "\"ok\"" : "\"failed\",\"reason\":\"cannot reset the agent\"");
  } else if (strcmp(request, "readLogs") == 0) {
    snprintf(out, sizeof out, "\"ok\",\"file\":\"%.*s/agent.log\"", TEXT - 64, state_dir);
    answer(id, out);
  } else if (strcmp(request, "stop") == 0) {
    device_off(SIGTERM);
    answer(id, "\"ok\"");
    exit(EXIT_SUCCESS);
  } else {
    answer(id, "\"unsupported\"");
  }
}

int main(int argc, char **argv) {
  static char line[LINE], by_hand[] = "/tmp/adapter-XXXXXX";

  if (argc < 2) {
    fprintf(stderr, "usage: %s PROGRAM [ARGUMENT...]\n", argv[0]);
    return 2;
  }
  program = argv + 1;
  state_dir = getenv("CWMP_DUT_STATE_DIR");
  if (!state_dir) state_dir = mkdtemp(by_hand);
  if (!state_dir) {
    perror("no folder for the state");
    return 1;
  }

  sigemptyset(&ending_signals);
  sigaddset(&ending_signals, SIGTERM);
  sigaddset(&ending_signals, SIGINT);
  sigaddset(&ending_signals, SIGHUP);
  on_ending_signals(on_signal);

  while (!told_to_go && fgets(line, sizeof line, stdin)) handle(line);

  /* Told to go, or no more requests because the harness has gone: nothing may be left running. */
  told_to_go = 1;
  device_off(SIGKILL);
  return 0;
}
