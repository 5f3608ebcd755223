namespace AspireGateway.Gateway.State.Steering;

/// <summary>Registration of this folder.</summary>
internal static class SteeringRegistration
{
    /// <summary>Adds the log of what gateways notice and do.</summary>
    public static void AddSteering(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SteeringLog>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SteeringLog>());
    }
}
