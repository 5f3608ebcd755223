using System.Runtime.InteropServices;
using AspireGateway.AppHost.Local.Children;
using AspireGateway.AppHost.Local.Output;

namespace AspireGateway.AppHost.Local.Start;

/// <summary>
/// Turns the signals of a terminal or a service manager into an orderly stop. A second Ctrl-C kills: the developer has decided.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    // A signal to the whole process group arrives twice: from the sender, and passed on by `dotnet run`.
    private static readonly TimeSpan s_same = TimeSpan.FromSeconds(1);
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Starts listening.</summary>
    public StopSignals(Supervisor supervisor, HostConsole console, TimeProvider time)
    {
        long? first = null;
        var gate = new Lock();
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                bool again;
                lock (gate)
                {
                    again = first is { } earlier && time.GetElapsedTime(earlier) > s_same;
                    first ??= time.GetTimestamp();
                }

                if (!again)
                {
                    supervisor.RequestStop(context.Signal.ToString());
                }
                else if (context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT)
                {
                    console.Say("asked twice: killing what is left");
                    supervisor.KillAll();
                }
            }));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
}
