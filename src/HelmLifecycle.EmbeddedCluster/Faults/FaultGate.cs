namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Applies a <see cref="FaultPlan"/> to the requests of clients. While a fault waits, virtual time may pass.</summary>
internal sealed class FaultGate(FaultPlan plan, ClusterClock clock, ClusterSimulation simulation) : IRequestGate
{
    public async ValueTask<ApiResponse> AnswerAsync(ApiServer server, ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            FaultRule? after = await plan.BeforeAsync(new FaultRequest(request.Method, request.Path, request.Query.ToString()), clock, cancellationToken).ConfigureAwait(false);
            if (request.Method == "GET")
            {
                await simulation.SettleAsync(cancellationToken).ConfigureAwait(false);
            }

            ApiResponse answer = await OpenGate.Instance.AnswerAsync(server, request, cancellationToken).ConfigureAwait(false);
            await FaultPlan.AfterAsync(after, clock, cancellationToken).ConfigureAwait(false);
            return answer;
        }
        catch (ApiError error)
        {
            return ApiResponse.Error(error);
        }
        catch (ConnectionFault fault)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, fault.Message, new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionReset));
        }
    }
}
