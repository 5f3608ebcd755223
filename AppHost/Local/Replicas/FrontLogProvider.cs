using AspireGateway.AppHost.Local.Output;
using Microsoft.Extensions.Logging;

namespace AspireGateway.AppHost.Local.Replicas;

/// <summary>Sends the front's log to the host's console, under a name of its own.</summary>
internal sealed class FrontLogProvider(HostConsole console) : ILoggerProvider
{
    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new FrontLogger(console);

    /// <inheritdoc />
    public void Dispose()
    {
    }

    private sealed class FrontLogger(HostConsole console) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                console.Log("front", formatter(state, exception));
        }
    }
}
