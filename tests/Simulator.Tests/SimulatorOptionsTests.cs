using Microsoft.Extensions.Configuration;

namespace AspireGateway.Simulator.Tests;

public sealed class SimulatorOptionsTests
{
    [Fact]
    public void From_Configuration_TakesThePace()
    {
        var options = SimulatorOptions.From(Configuration(("Simulator:FirstTokenMs", "7"), ("Simulator:ChunkMs", "0")));

        Assert.Equal((7, 0), (options.FirstTokenMs, options.ChunkMs));
    }

    [Fact]
    public void From_Nothing_IsAVisiblePace()
    {
        var options = SimulatorOptions.From(Configuration());

        Assert.Equal((120, 15), (options.FirstTokenMs, options.ChunkMs));
    }

    [Fact]
    public void From_NotANumber_NamesTheKey()
    {
        var error = Assert.Throws<InvalidOperationException>(() => SimulatorOptions.From(Configuration(("Simulator:ChunkMs", "fast"))));

        Assert.Contains("Simulator:ChunkMs", error.Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => new KeyValuePair<string, string?>(v.Key, v.Value))).Build();
}
