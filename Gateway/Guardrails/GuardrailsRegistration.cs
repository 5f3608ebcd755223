using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Guardrails.Quarantine;

namespace AspireGateway.Gateway.Guardrails;

/// <summary>Adds what guardrails need beside themselves.</summary>
internal static class GuardrailsRegistration
{
    /// <summary>Adds quarantine, bounded by <c>Gateway:Quarantine</c>, and the way to restricted models.</summary>
    public static void AddGuardrails(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<QuarantineOptions>().Bind(builder.Configuration.GetSection("Gateway:Quarantine"))
            .Validate(options => options.Fault() is null, "Gateway:Quarantine holds a bound that is less than 1.").ValidateOnStart();
        builder.Services.AddSingleton<QuarantineStore>();
        builder.Services.AddSingleton<QuarantineGate>();
        builder.Services.AddSingleton<CheckStops>();
        builder.Services.AddSingleton<Rerouting>();
    }
}
