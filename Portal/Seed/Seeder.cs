using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Migration;
using AspireGateway.Portal.Providers;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Seed;

/// <summary>
/// Gives an empty database a first configuration that answers requests: with provider keys in the environment the real providers', else the
/// simulator's. One transaction, audited as <c>seed</c>; once there is an organisation it never changes anything again.
/// </summary>
public sealed partial class Seeder(ConfigurationWriter writer, SecretBox box, IConfiguration configuration, ILogger<Seeder> logger)
{
    /// <summary>The name under which the seed stands in the audit.</summary>
    public const string ActorName = "seed";

    private const int ShortestKey = 20;

    private static readonly Actor Actor = new() { Name = ActorName, Roles = [Roles.Operator] };

    /// <summary>Seeds when there is no organisation.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var demoKey = ReadDemoKey();
        var settings = SeedSettings.Read(configuration);
        var simulator = ReadSimulator();
        var seeded = await writer.WriteAsync<bool>(Actor, async (write, token) =>
        {
            if (await write.Context.Organisations.AnyAsync(token)) return false;
            var seed = new SeedWriter(write, box, "Demo", "demo");
            foreach (var provider in settings.Providers) seed.AddProvider(provider);
            if (settings.Providers.Count > 0) seed.AddTiers();
            else if (simulator is not null) seed.AddSimulator(simulator);
            var product = seed.AddTeam("Product", "product");
            seed.AddTeam("Research", "research");
            if (demoKey is not null) seed.AddKey(product, "Demo key", demoKey);
            seed.Finish();
            return true;
        }, cancellationToken);
        if (seeded.Failure is { } failure) throw new SettingFault($"the first configuration was refused: {failure.Message}");
        if (!seeded.Value) return;

        foreach (var sentence in settings.Missing) Log.Missing(logger, sentence);
        if (settings.Providers.Count > 0) Log.Seeded(logger, string.Join(", ", settings.Providers.Select(p => p.Name)));
        else if (simulator is not null) Log.Seeded(logger, "the simulator");
        else Log.SeededWithoutModels(logger);
        if (demoKey is null) Log.NoKey(logger);
    }

    private string? ReadDemoKey()
    {
        var key = configuration["Seed:DemoKey"]?.Trim();
        if (string.IsNullOrEmpty(key)) return null;
        return key.StartsWith(VirtualKeySecret.Marker, StringComparison.Ordinal) && key.Length is >= ShortestKey and <= VirtualKeySecret.MaxLength
            ? key
            : throw new SettingFault($"Seed__DemoKey must begin with {VirtualKeySecret.Marker} and be {ShortestKey} to {VirtualKeySecret.MaxLength} characters long.");
    }

    private string? ReadSimulator()
    {
        var address = configuration["Seed:SimulatorUrl"]?.Trim().TrimEnd('/');
        if (string.IsNullOrEmpty(address)) return null;
        var (url, fault) = BaseAddress.Check(address, isPrivate: true);
        return fault is null ? url : throw new SettingFault($"Seed__SimulatorUrl: {fault}");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "First configuration: organisation Demo with the models of {Providers}")]
        public static partial void Seeded(ILogger logger, string providers);

        [LoggerMessage(2, LogLevel.Warning, "First configuration: organisation Demo without models, as there is neither a provider key nor Seed__SimulatorUrl. Add a provider in the portal")]
        public static partial void SeededWithoutModels(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "Seed__DemoKey is not set: no virtual key was made. Issue one in the portal")]
        public static partial void NoKey(ILogger logger);

        [LoggerMessage(4, LogLevel.Warning, "{Sentence}")]
        public static partial void Missing(ILogger logger, string sentence);
    }
}
