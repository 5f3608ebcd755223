using System.Globalization;

namespace AspireGateway.Simulator;

/// <summary>How fast the simulator answers when nothing is scripted, and how much it remembers.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Milliseconds to the first token; 0 answers at once. Configuration <c>Simulator:FirstTokenMs</c>.</summary>
    public int FirstTokenMs { get; init; } = 120;

    /// <summary>Milliseconds between two chunks; a plain reply takes the sum. Configuration <c>Simulator:ChunkMs</c>.</summary>
    public int ChunkMs { get; init; } = 15;

    /// <summary>Requests remembered; the oldest is forgotten first.</summary>
    public int RememberedRequests { get; init; } = 10_000;

    /// <summary>Bytes of raw bodies remembered in all; the oldest bodies are dropped first.</summary>
    public long RememberedBodyBytes { get; init; } = 64L << 20;

    /// <summary>Answers at once: what tests want unless they script otherwise.</summary>
    public static SimulatorOptions Immediate { get; } = new() { FirstTokenMs = 0, ChunkMs = 0 };

    /// <summary>Reads the section <c>Simulator</c>; a value that is no whole number from 0 up stops the start.</summary>
    public static SimulatorOptions From(IConfiguration configuration)
    {
        var defaults = new SimulatorOptions();
        return defaults with
        {
            FirstTokenMs = Milliseconds("Simulator:FirstTokenMs", defaults.FirstTokenMs),
            ChunkMs = Milliseconds("Simulator:ChunkMs", defaults.ChunkMs),
        };

        int Milliseconds(string key, int fallback) => configuration[key] switch
        {
            null or "" => fallback,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
            var text => throw new InvalidOperationException($"{key} must be a whole number of milliseconds, not '{text}'."),
        };
    }
}
