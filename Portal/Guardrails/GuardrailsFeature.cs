using AspireGateway.Portal.Guardrails.Checks;
using AspireGateway.Portal.Guardrails.Found;
using AspireGateway.Shared.Checks;

namespace AspireGateway.Portal.Guardrails;

/// <summary>Registration of this folder.</summary>
public static class GuardrailsFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddGuardrails(this IServiceCollection services)
    {
        services
            .AddSingleton<GuardrailsQuery>()
            .AddSingleton<FoundQuery>()
            .AddSingleton<SetGuardrails>()
            .AddSingleton<DeleteGuardrails>()
            .AddSingleton<GuardrailChecksQuery>()
            .AddSingleton<SetGuardrailCheck>()
            .AddSingleton<DeleteGuardrailCheck>()
            .AddSingleton<TestGuardrailCheck>()
            .AddSingleton<CheckClient>();
        GuardrailUndos.Add(services);
        GuardrailCheckUndos.Add(services);
    }
}
